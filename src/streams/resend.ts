/**
 * Puts on the log again what is still PENDING and what the log provably no longer owes: never while a group lags, since a slow consumer must not be answered with
 * more load, and never more in one pass than the groups are then waited for. While the log is away it pauses; while nothing is PENDING it asks the log nothing.
 */
import type { Observable } from 'rxjs';

import type { Statements } from '../persistence/statements.ts';
import type { EventLog } from '../platform/event-log/event-log.ts';
import { Failure } from '../platform/failure.ts';
import { writeRecord } from './envelope.ts';
import { openedEventId } from './event-ids.ts';
import { transactionOpened } from './event-kinds.ts';
import { settledDebt } from './log-debt.ts';
import { fromLoop } from './operators/from-loop.ts';
import { backoffMs } from './operators/with-retry.ts';
import type { Passes } from './passes.ts';
import { nextPass } from './passes.ts';
import type { Stragglers } from './stragglers.ts';
import type { Topics } from './topics.ts';

export type ResendOptions = Passes & {
  readonly statements: Pick<Statements, 'load'>;
  readonly log: Pick<EventLog, 'ends' | 'committed' | 'append'>;
  readonly topics: Topics;
  readonly stragglers: Stragglers;
  /** Transactions of one pass. */
  readonly batchMax: number;
  /** How long one transaction rests after it was sent again: doubled each time, since what fails again and again is not lost but bad. */
  readonly rest: { readonly firstMs: number; readonly maxMs: number };
  readonly signal: AbortSignal;
  readonly onOwed?: (group: string) => void;
  readonly onWiped?: () => void;
  /** The log or the database is away: nothing is sent until they are back. */
  readonly onPaused?: (error: Failure) => void;
};

/** Emits how many were sent again in each pass that sent any. Each pass asks the log anew, so what the one before it sent, or may have, is owed again. */
export function resend(options: ResendOptions): Observable<number> {
  return fromLoop(options.signal, async (emit, signal) => {
    const { stragglers, clock, onWiped, onPaused } = options;
    while (!signal.aborted) {
      await nextPass(options, signal);
      if (signal.aborted || !stragglers.anyDue(clock.elapsed())) continue;
      try {
        const round = stragglers.beginRound();
        const debt = await settledDebt({ ...options, signal });
        if (debt === 'wiped') onWiped?.();
        if (debt !== 'none') continue;
        const sent = await pass(options, round);
        if (sent > 0) emit(sent);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        onPaused?.(error);
      }
    }
  });
}

async function pass(options: ResendOptions, round: number): Promise<number> {
  const { statements, log, topics, stragglers, clock, entropy, batchMax, rest } = options;
  const ids = stragglers.due(round, clock.elapsed(), batchMax);
  if (ids.length === 0) return 0;
  const stored = await statements.load(ids);
  const pending = stored.flatMap(({ transaction }) => (transaction.status === 'PENDING' ? [transaction.opened] : []));
  const stillThere = new Set(pending.map(({ id }) => id));
  stragglers.drop(ids.filter((id) => !stillThere.has(id)));
  const timeMs = clock.now();
  const undecided = pending.filter(({ decideBy }) => decideBy > timeMs);
  if (undecided.length === 0) return 0;
  const sent = undecided.map(({ id }) => id);
  await log.append(
    topics.transactions,
    undecided.map((value) => writeRecord(transactionOpened, { id: openedEventId(value.id, timeMs), timeMs, value })),
  );
  stragglers.resent(sent, clock.elapsed(), (resends) => backoffMs({ entropy, ...rest }, resends));
  return sent.length;
}
