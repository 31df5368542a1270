/**
 * `GET /transactions/:id/events`: one transaction's transitions from its beginning (or from the last event id); the answer ends after the terminal one.
 * The present is looked up before the history: what lies before it the history holds, what lies after it the journal brings.
 */
import type { Api } from '../api.ts';
import type { Context, Middleware } from '../context.ts';
import { clientOf } from '../context.ts';
import { Problem } from '../middleware/problems.ts';
import { TransactionStreamParameters } from '../schemas.ts';
import type { EventStreams, StreamPlan } from '../sse/event-streams.ts';
import { passes, streamFilter } from '../sse/filter.ts';
import { lastEventCursor } from '../sse/last-event-id.ts';
import { queryValidator } from '../validation.ts';
import { transactionIdOf } from './read-transaction.ts';
import type { JournalCursor } from '../../persistence/cursor.ts';
import { compareCursors, journalStart } from '../../persistence/cursor.ts';
import type { JournalEntry } from '../../persistence/statements.ts';

export function transactionEvents(api: Api, streams: EventStreams): Middleware {
  const validate = queryValidator(TransactionStreamParameters);
  return async (context) => {
    const validated = validate(context.query);
    if ('faults' in validated) throw new Problem('invalid_query', { errors: validated.faults });
    using taken = new DisposableStack();
    taken.use(streams.take(clientOf(context)));
    const last = await lastEventCursor(api, context, validated.value.lastEventId);
    const plan = await planStream(api, context, last);
    if (plan === undefined) context.status = 204;
    else streams.begin(context, plan, taken.move());
  };
}

/** Undefined where the client has seen everything: 204 tells an EventSource not to come back. */
async function planStream(
  api: Api,
  context: Context,
  last: JournalCursor | undefined,
): Promise<StreamPlan | undefined> {
  const clientId = clientOf(context);
  const id = transactionIdOf(context);
  const now = await api.now();
  const history = await api.history(clientId, id);
  if (history.length === 0) throw new Problem('transaction_not_found');
  const isSeen = ({ cursor }: JournalEntry): boolean => last !== undefined && compareCursors(cursor, last) <= 0;
  if (history.some((entry) => isLast(entry) && isSeen(entry))) return undefined;
  const filter = streamFilter(clientId, { transactionId: id });
  return {
    // Not the present: a client that leaves between its position and its past would never be told that past.
    position: last ?? journalStart,
    announcePosition: last !== undefined,
    past: history.filter((entry) => compareCursors(entry.cursor, now) <= 0 && !isSeen(entry)),
    followFrom: now,
    passes: (entry) => passes(filter, entry) && !isSeen(entry),
    touching: id,
    isLast,
  };
}

/** A superseded decision comes after the last one that anybody is shown. */
function isLast({ event }: JournalEntry): boolean {
  return event.type === 'TransactionApproved' || event.type === 'TransactionRejected';
}
