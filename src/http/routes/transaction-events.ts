/**
 * `GET /transactions/:id/events`: one transaction's transitions from its beginning (or from the last event id); the answer ends after the terminal one.
 * The present is looked up before the history, so what the history lacks the journal still brings, and versions tell what both hold.
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
import { compareCursors } from '../../persistence/cursor.ts';
import type { JournalEntry } from '../../persistence/statements.ts';
import { isTerminal } from '../../transaction/states.ts';

export function transactionEvents(api: Api, streams: EventStreams): Middleware {
  const validate = queryValidator(TransactionStreamParameters);
  return async (context) => {
    const validated = validate(context.query);
    if ('faults' in validated) throw new Problem('invalid_query', { errors: validated.faults });
    using _seat = streams.take(clientOf(context));
    const last = await lastEventCursor(api, context, validated.value.lastEventId);
    const plan = await planStream(api, context, last);
    if (plan === undefined) context.status = 204;
    else await streams.run(context, plan);
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
  const newest = history.at(-1);
  if (newest === undefined) throw new Problem('transaction_not_found');
  const past = last === undefined ? history : history.filter(({ cursor }) => compareCursors(cursor, last) > 0);
  if (isTerminal(newest.transaction) && !past.some(isLast)) return undefined;
  const filter = streamFilter(clientId, { transactionId: id });
  return {
    position: last !== undefined && compareCursors(last, now) > 0 ? last : now,
    announcePosition: last !== undefined,
    past: past.filter((entry) => passes(filter, entry)),
    followFrom: now,
    passes: (entry) => passes(filter, entry) && (past.includes(entry) || isNew(entry, newest)),
    isLast,
  };
}

function isNew({ transaction }: JournalEntry, newest: JournalEntry): boolean {
  return transaction.version > newest.transaction.version;
}

/** A superseded decision comes after the last one that anybody is shown. */
function isLast({ event }: JournalEntry): boolean {
  return event.type === 'TransactionApproved' || event.type === 'TransactionRejected';
}
