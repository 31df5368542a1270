/** Where a client wants to go on. The header wins over the query, for an EventSource repeats its address unchanged when it comes back. */
import type { JournalCursor } from '../../persistence/cursor.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';
import { Problem } from '../middleware/problems.ts';

export async function lastEventCursor(
  api: Api,
  context: Context,
  parameter: string | undefined,
): Promise<JournalCursor | undefined> {
  const header = context.req.headers['last-event-id'];
  const text = typeof header === 'string' ? header : parameter;
  if (text === undefined) return undefined;
  const cursor = await api.resume(text);
  switch (cursor) {
    case 'malformed':
    case 'foreign':
    case 'future':
    case 'unknown':
    case 'pruned':
      throw new Problem(`last_event_id_${cursor}`, { detail: 'Start without an id to begin a new stream.' });
    default:
      return cursor;
  }
}
