/**
 * API keys are `vk_<id>_<secret>`: the id finds the entry, and only a keyed hash of the secret's 256 random bits is kept.
 * A wrong secret and an unknown id cost the same and look the same.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

import type { Caller, Scope } from './context.ts';
import { parseClientId } from '../transaction/ids.ts';

export const secretBytes = 32;

/** What the configuration holds of a key. */
export type ApiKeyEntry = {
  readonly id: string;
  readonly client: string;
  /** HMAC-SHA-256 of the secret under the pepper, 64 lower-case hex digits. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
};

/** The secret has a fixed length, so an id may hold what a secret may. */
const keyPattern = /^vk_([A-Za-z0-9][A-Za-z0-9_-]{0,62})_([A-Za-z0-9_-]{43})$/;

export function formatApiKey(id: string, secret: Uint8Array): string {
  return `vk_${id}_${Buffer.from(secret).toString('base64url')}`;
}

/** The hash that the configuration holds, in hex. */
export function hashSecret(pepper: string, secret: string): string {
  return hash(pepper, secret).toString('hex');
}

export function apiKeyVerifier(entries: readonly ApiKeyEntry[], pepper: string): (key: string) => Caller | undefined {
  const known = new Map(
    entries.map((entry) => [entry.id, { hash: Buffer.from(entry.hash, 'hex'), caller: callerOf(entry) }]),
  );
  const nobody = { hash: Buffer.alloc(32), caller: undefined };
  return (key) => {
    const match = keyPattern.exec(key);
    if (match === null) return undefined;
    const [, id = '', secret = ''] = match;
    const entry = known.get(id) ?? nobody;
    return timingSafeEqual(hash(pepper, secret), entry.hash) ? entry.caller : undefined;
  };
}

function hash(pepper: string, secret: string): Buffer {
  return createHmac('sha256', pepper).update(secret).digest();
}

function callerOf({ id, client, scopes }: ApiKeyEntry): Caller {
  const clientId = parseClientId(client);
  if (clientId === undefined) throw new Error('an API key names a client whose name is not allowed');
  return { keyId: id, clientId, scopes: new Set(scopes) };
}
