/** What travels with a request: who calls, and the id by which it is found again. */
import type { RouterContext, RouterMiddleware } from '@koa/router';
import type { ClientId } from '../transaction/ids.ts';

export type RequestState = {
  requestId: string;
  /** Set by `authenticate`, so only on routes that ask for a scope. */
  caller?: Caller;
};

export type Caller = { readonly clientId: ClientId; readonly scopes: ReadonlySet<Scope> };

export const scopes = ['transactions:write', 'transactions:read', 'events:read', 'ops'] as const;
export type Scope = (typeof scopes)[number];

export type Context = RouterContext<RequestState>;
export type Middleware = RouterMiddleware<RequestState>;

/** The client that `authenticate` found; a route that forgot to ask for one is a bug. */
export function clientOf(context: Context): ClientId {
  const { caller } = context.state;
  if (caller === undefined) throw new Error(`${String(context.routerPath)} was reached without authentication`);
  return caller.clientId;
}
