/** `GET /transactions`: the client's transactions, newest first, in keyset pages that neither skip nor repeat while new ones arrive. */
import type { Api } from '../api.ts';
import type { Middleware } from '../context.ts';
import { clientOf } from '../context.ts';
import type { Fault } from '../middleware/problems.ts';
import { Problem } from '../middleware/problems.ts';
import { formatPageCursor, parsePageCursor } from '../page-cursor.ts';
import { renderPage } from '../render.ts';
import { ListParameters } from '../schemas.ts';
import { queryValidator } from '../validation.ts';
import type { ListQuery } from '../../persistence/statements.ts';
import type { ClientId } from '../../transaction/ids.ts';
import { parseAccountId } from '../../transaction/ids.ts';

export type PageLimits = { readonly pageDefault: number; readonly pageMax: number };

export function listTransactions(api: Api, limits: PageLimits): Middleware {
  const validate = queryValidator(ListParameters);
  return async (context) => {
    const validated = validate(context.query);
    if ('faults' in validated) throw new Problem('invalid_query', { errors: validated.faults });
    const query = listQuery(clientOf(context), validated.value, limits);
    const found = await api.list({ ...query, limit: query.limit + 1 });
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    const next = found.length > items.length && last !== undefined ? formatPageCursor(last.opened.id) : null;
    if (next !== null) {
      const search = new URLSearchParams({ ...validated.value, cursor: next });
      context.set('Link', `</transactions?${search.toString()}>; rel="next"`);
    }
    context.set({ 'Cache-Control': 'no-store', 'Content-Type': 'application/json' });
    context.body = renderPage(items, next);
  };
}

function listQuery(clientId: ClientId, parameters: ListParameters, { pageDefault, pageMax }: PageLimits): ListQuery {
  const limit = parameters.limit === undefined ? pageDefault : Number(parameters.limit);
  if (limit > pageMax) throw fault({ parameter: 'limit', code: 'too_large', detail: `At most ${pageMax}.` });
  const before = parameters.cursor === undefined ? undefined : parsePageCursor(parameters.cursor);
  if (parameters.cursor !== undefined && before === undefined) {
    throw fault({ parameter: 'cursor', code: 'malformed', detail: 'This was not made by this service.' });
  }
  const account = parameters.account === undefined ? undefined : parseAccountId(parameters.account);
  return {
    clientId,
    limit,
    ...(before && { before }),
    ...(parameters.status && { status: parameters.status }),
    ...(account && { account }),
    ...(parameters.createdFrom && { createdFrom: timeOf('createdFrom', parameters.createdFrom) }),
    ...(parameters.createdTo && { createdTo: timeOf('createdTo', parameters.createdTo) }),
  };
}

/** RFC 3339 has leap seconds, and JavaScript has none. */
function timeOf(parameter: string, text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw fault({ parameter, code: 'malformed', detail: 'This time cannot be represented.' });
  return ms;
}

function fault(error: Fault): Problem {
  return new Problem('invalid_query', { errors: [error] });
}
