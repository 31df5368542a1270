/**
 * `npm run api-key -- --client acme --scopes transactions:write,transactions:read`: makes an API key and prints it, once, with the entry that the configuration needs.
 * The pepper is read from `VERDICT_API_KEY_PEPPER`; without one a new one is made and printed too.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';

import type { ApiKeyEntry } from '../src/http/api-keys.ts';
import { formatApiKey, hashSecret, secretBytes } from '../src/http/api-keys.ts';
import type { Scope } from '../src/http/context.ts';
import { scopes as known } from '../src/http/context.ts';
import { parseClientId } from '../src/transaction/ids.ts';

const { values } = parseArgs({
  options: {
    client: { type: 'string' },
    scopes: { type: 'string', default: 'transactions:write,transactions:read,events:read' },
    id: { type: 'string', default: randomBytes(6).toString('hex') },
  },
});

const faults: string[] = [];
if (values.client === undefined || parseClientId(values.client) === undefined) {
  faults.push('--client must be the name of a client: lower-case letters, digits and dashes');
}
const asked = values.scopes.split(',');
const scopes = asked.filter((scope): scope is Scope => known.some((name) => name === scope));
if (scopes.length !== asked.length) faults.push(`--scopes must be a comma-separated list of ${known.join(', ')}`);
if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(values.id)) faults.push('--id must be letters, digits, _ and -');

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 64;
} else {
  print(values.client ?? '', [...new Set(scopes)]);
}

function print(client: string, granted: readonly Scope[]): void {
  const given = process.env['VERDICT_API_KEY_PEPPER'];
  const pepper = given ?? randomBytes(secretBytes).toString('base64url');
  const secret = randomBytes(secretBytes);
  const hash = hashSecret(pepper, secret.toString('base64url'));
  const entry: ApiKeyEntry = { id: values.id, client, hash, scopes: granted };
  console.log(`key     ${formatApiKey(values.id, secret)}`);
  if (given === undefined) console.log(`pepper  ${pepper}   (new: set VERDICT_API_KEY_PEPPER to it)`);
  console.log(`entry   ${JSON.stringify(entry)}   (one of the array in VERDICT_API_KEYS, or of auth.keys)`);
}
