/** Finds out who calls and lets through who has the scope. Without keys (on loopback only, the start-up sees to that) everybody is the client `local`. */
import type { ApiKeyEntry } from '../api-keys.ts';
import { apiKeyVerifier } from '../api-keys.ts';
import type { Caller, Context, Middleware, Scope } from '../context.ts';
import { scopes } from '../context.ts';
import { Problem } from './problems.ts';
import { parseClientId } from '../../transaction/ids.ts';

export type AuthOptions =
  | { readonly mode: 'none' }
  | { readonly mode: 'api-keys'; readonly keys: readonly ApiKeyEntry[]; readonly pepper: string };

/** A middleware for each scope. */
export function authenticator(options: AuthOptions): (scope: Scope) => Middleware {
  const identify = identifier(options);
  return (scope) => (context, next) => {
    const caller = identify(context);
    if (!caller.scopes.has(scope)) {
      throw new Problem('scope_missing', {
        detail: `The scope is ${scope}.`,
        headers: { 'WWW-Authenticate': `Bearer realm="verdict", error="insufficient_scope", scope="${scope}"` },
      });
    }
    context.state.caller = caller;
    return next();
  };
}

function identifier(options: AuthOptions): (context: Context) => Caller {
  if (options.mode === 'none') {
    const local = localCaller();
    return () => local;
  }
  const verify = apiKeyVerifier(options.keys, options.pepper);
  return (context) => {
    const key = presentedKey(context);
    if (key === undefined) throw new Problem('unauthenticated', challenge('Bearer realm="verdict"'));
    const caller = verify(key);
    if (caller === undefined)
      throw new Problem('unauthenticated', challenge('Bearer realm="verdict", error="invalid_token"'));
    return caller;
  };
}

function presentedKey({ req: { headers } }: Context): string | undefined {
  const { authorization, 'x-api-key': apiKey } = headers;
  if (authorization !== undefined) return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
  return typeof apiKey === 'string' ? apiKey : undefined;
}

function challenge(value: string): { readonly headers: Readonly<Record<string, string>> } {
  return { headers: { 'WWW-Authenticate': value } };
}

function localCaller(): Caller {
  const clientId = parseClientId('local');
  if (clientId === undefined) throw new Error('local is a client');
  return { keyId: 'local', clientId, scopes: new Set(scopes) };
}
