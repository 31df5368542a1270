/** Who posts and follows: three clients with an API key each, made for this run, and the configuration that lets them in. */
import { randomBytes } from 'node:crypto';
import { formatApiKey, hashSecret } from '../../src/http/api-keys.ts';
import type { Random } from '../random.ts';

export type Client = { readonly name: string; readonly headers: Readonly<Record<string, string>> };

export type Clients = {
  readonly all: readonly [Client, Client, Client];
  /** May look at what an operator looks at, and at nothing else. */
  readonly operator: Client;
  readonly accounts: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What must not be written anywhere. */
  readonly secrets: readonly string[];
};

const accountCount = 40;

export function makeClients(random: Random): Clients {
  const pepper = randomBytes(32).toString('base64url');
  const made = (
    name: string,
    scopes: readonly string[],
  ): { readonly client: Client; readonly secret: string; readonly entry: object } => {
    const bytes = randomBytes(32);
    const secret = bytes.toString('base64url');
    const id = `id-${name}`;
    return {
      client: { name, headers: { authorization: `Bearer ${formatApiKey(id, bytes)}` } },
      secret,
      entry: { id, client: name, hash: hashSecret(pepper, secret), scopes },
    };
  };
  const [acme, zeta, nova] = [made('acme', ofClients), made('zeta', ofClients), made('nova', ofClients)];
  const operator = made('operator', ['ops']);
  const accounts = Array.from({ length: accountCount }, () => random.uuid());
  return {
    all: [acme.client, zeta.client, nova.client],
    operator: operator.client,
    accounts,
    env: {
      VERDICT_AUTH_MODE: 'api-keys',
      VERDICT_API_KEY_PEPPER: pepper,
      VERDICT_API_KEYS: JSON.stringify([acme, zeta, nova, operator].map(({ entry }) => entry)),
    },
    secrets: [pepper, ...[acme, zeta, nova, operator].map(({ secret }) => secret), ...accounts],
  };
}

const ofClients = ['transactions:write', 'transactions:read', 'events:read'];
