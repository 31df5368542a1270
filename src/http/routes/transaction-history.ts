/** `GET /transactions/:id/history`: everything that happened to one transaction, late decisions included. */
import type { Api } from '../api.ts';
import type { Middleware } from '../context.ts';
import { clientOf } from '../context.ts';
import { Problem } from '../middleware/problems.ts';
import { renderHistory } from '../render.ts';
import { transactionIdOf } from './read-transaction.ts';

export function transactionHistory(api: Api): Middleware {
  return async (context) => {
    const id = transactionIdOf(context);
    const entries = await api.history(clientOf(context), id);
    if (entries.length === 0) throw new Problem('transaction_not_found');
    context.set({ 'Cache-Control': 'no-store', 'Content-Type': 'application/json' });
    context.body = renderHistory(id, entries);
  };
}
