/** What travels with a request: who calls, and the id by which it is found again. */
import type { RouterContext, RouterMiddleware } from '@koa/router';
import type { ClientId } from '../transaction/ids.ts';

export type RequestState = {
  requestId: string;
  /** Set by `authenticate`, so only on routes that ask for a scope. */
  caller?: Caller;
};

export type Caller = {
  /** The name of the API key; `local` where there are none. */
  readonly keyId: string;
  readonly clientId: ClientId;
  readonly scopes: ReadonlySet<Scope>;
};

export const scopes = ['transactions:write', 'transactions:read', 'events:read', 'ops'] as const;
export type Scope = (typeof scopes)[number];

export type Context = RouterContext<RequestState>;
export type Middleware = RouterMiddleware<RequestState>;

export function clientOf(context: Context): ClientId {
  return callerOf(context).clientId;
}

/** Whom `authenticate` found; a route that forgot to ask for a scope is a bug. */
export function callerOf({ state: { caller }, routerPath }: Context): Caller {
  if (caller === undefined) throw new Error(`${String(routerPath)} was reached without authentication`);
  return caller;
}
