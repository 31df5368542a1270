/**
 * Walks the journal some seconds behind the present and remembers as stragglers what is still PENDING there; forgets them once they are settled.
 * Where the set is full the walk waits. Now and then it stores the place before which nothing is PENDING, so that the next relay need not start at the beginning.
 */
import type { Observable } from 'rxjs';

import { compareCursors, journalStart, pendingCursor } from '../persistence/cursor.ts';
import type { JournalCursor } from '../persistence/cursor.ts';
import type { Statements } from '../persistence/statements.ts';
import { fromLoop } from './operators/from-loop.ts';
import { retried } from './operators/with-retry.ts';
import type { RetryOptions } from './operators/with-retry.ts';
import type { Passes } from './passes.ts';
import { nextPass } from './passes.ts';
import type { Stragglers } from './stragglers.ts';

export type PendingWalkOptions = Passes & {
  readonly statements: Pick<Statements, 'walkPending' | 'stillPending' | 'loadCursor' | 'saveCursor'>;
  readonly stragglers: Stragglers;
  /** How long a transaction is left alone: several times the usual way to a decision. */
  readonly olderThanMs: number;
  /** Journal rows of one statement. */
  readonly pageMax: number;
  readonly saveEveryMs: number;
  readonly retry: Omit<RetryOptions, 'signal'>;
  readonly signal: AbortSignal;
};

/** Pages of one pass: a relay that has far to walk still looks after its stragglers in between. */
const pagesMax = 20;

/** Emits the number of stragglers after each pass. */
export function pendingWalk(options: PendingWalkOptions): Observable<number> {
  return fromLoop(options.signal, async (emit, signal) => {
    const { statements, stragglers, clock, saveEveryMs } = options;
    const retry = { ...options.retry, signal };
    let at = (await retried(retry, () => statements.loadCursor(pendingCursor))) ?? journalStart;
    let saved = at;
    let savedAt = clock.elapsed();
    while (!signal.aborted) {
      await forgetSettled(options, retry);
      at = await walk(options, retry, at);
      emit(stragglers.size);
      const watermark = lowWatermark(stragglers, at);
      if (clock.elapsed() - savedAt >= saveEveryMs && compareCursors(watermark, saved) !== 0) {
        await retried(retry, () => statements.saveCursor(pendingCursor, watermark));
        saved = watermark;
        savedAt = clock.elapsed();
      }
      await nextPass(options, signal);
    }
  });
}

async function walk(options: PendingWalkOptions, retry: RetryOptions, from: JournalCursor): Promise<JournalCursor> {
  const { statements, stragglers, olderThanMs, pageMax } = options;
  let at = from;
  for (let page = 0; page < pagesMax; page += 1) {
    const [after, limit] = [at, Math.min(pageMax, stragglers.room)];
    if (limit <= 0) return at;
    const { pending, next, more } = await retried(retry, () => statements.walkPending(after, olderThanMs, limit));
    for (const { cursor, opened } of pending) stragglers.add({ id: opened.id, cursor, decideBy: opened.decideBy });
    at = next;
    if (!more) return at;
  }
  return at;
}

/** Goes on while much is found, since a group that catches up settles thousands between two passes. */
async function forgetSettled(
  { statements, stragglers, pageMax }: PendingWalkOptions,
  retry: RetryOptions,
): Promise<void> {
  for (let page = 0; page < pagesMax; page += 1) {
    const ids = stragglers.leastSeen(pageMax);
    if (ids.length === 0) return;
    const pending = await retried(retry, () => statements.stillPending(ids));
    stragglers.drop(ids.filter((id) => !pending.has(id)));
    if (pending.size > ids.length / 2) return;
  }
}

/** Right before the first straggler, or where the walk has got. */
function lowWatermark(stragglers: Stragglers, walked: JournalCursor): JournalCursor {
  const first = stragglers.first();
  return first === undefined ? walked : { xid: first.xid, position: first.position - 1n };
}
