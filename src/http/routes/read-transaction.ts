/** `GET /transactions/:id`: the transaction as it is now, or, with `Prefer: wait`, as soon as it is terminal. */
import type { Api } from '../api.ts';
import type { Context, Middleware } from '../context.ts';
import { clientOf } from '../context.ts';
import { Problem } from '../middleware/problems.ts';
import type { WaitLimits } from '../prefer.ts';
import { preferenceApplied, waitOf } from '../prefer.ts';
import { entityTag, renderTransaction } from '../render.ts';
import type { TransactionId } from '../../transaction/ids.ts';
import { parseTransactionId } from '../../transaction/ids.ts';

export function readTransaction(api: Api, limits: WaitLimits): Middleware {
  return async (context) => {
    const id = transactionIdOf(context);
    const wait = waitOf(context, limits);
    const answer = await api.read(clientOf(context), id, wait);
    if (answer === undefined) throw new Problem('transaction_not_found');
    const tag = entityTag(answer.transaction);
    context.set('ETag', tag);
    context.set('Cache-Control', 'private, no-cache');
    preferenceApplied(context, wait, answer.waited);
    if (matches(context.req.headers['if-none-match'], tag)) {
      context.status = 304;
      return;
    }
    context.set('Content-Type', 'application/json');
    context.body = renderTransaction(answer.transaction);
  };
}

/** What is no id cannot be found either. */
export function transactionIdOf(context: Context): TransactionId {
  const id = parseTransactionId(context.params['id'] ?? '');
  if (id === undefined) throw new Problem('transaction_not_found');
  return id;
}

/** The weak comparison that If-None-Match asks for (RFC 9110, 13.1.2). */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === tag);
}
