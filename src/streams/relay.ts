/**
 * Publishes every terminal transition for other systems, in journal order and at least once: the cursor is stored after the append, so a crash repeats a page,
 * and a log that was emptied gets the last stretch again. Large, unhurried batches, one in flight; an outage of the log or the database is waited for.
 */
import type { Observable } from 'rxjs';

import type { JournalEntry, Statements } from '../persistence/statements.ts';
import type { EventLog, NewRecord } from '../platform/event-log/event-log.ts';
import { isTerminal } from '../transaction/states.ts';
import { writeRecord } from './envelope.ts';
import { settledEventId } from './event-ids.ts';
import { transactionSettled } from './event-kinds.ts';
import { journalPages } from './journal-pages.ts';
import type { JournalPagesOptions } from './journal-pages.ts';
import { fromLoop } from './operators/from-loop.ts';
import { retried } from './operators/with-retry.ts';
import { RelayProgress } from './relay-progress.ts';

export type RelayOptions = JournalPagesOptions & {
  readonly statements: Pick<Statements, 'readJournal' | 'loadCursor' | 'saveCursor' | 'takeTurn'>;
  readonly log: Pick<EventLog, 'append' | 'ends'>;
  readonly topic: string;
  readonly refillMs: number;
  readonly signal: AbortSignal;
  /** The log was emptied: what other systems may have missed is published again. */
  readonly onEmptied?: () => void;
};

/** Emits how many settlements each page held. */
export function relay(options: RelayOptions): Observable<number> {
  return fromLoop(options.signal, async (emit, signal) => {
    const retry = { ...options.retry, signal };
    while (!signal.aborted) await publish(options, await RelayProgress.load({ ...options, retry }), { emit, signal });
  });
}

type Publishing = { readonly emit: (settlements: number) => void; readonly signal: AbortSignal };

/** Until the signal, or until a later turn was taken: what was appended and could not be saved then comes again. */
async function publish(options: RelayOptions, progress: RelayProgress, { emit, signal }: Publishing): Promise<void> {
  const retry = { ...options.retry, signal };
  while (!signal.aborted && !progress.lost) {
    for await (const page of journalPages({ ...options, which: 'terminal' }, progress.at, signal)) {
      const settlements = page.entries.flatMap(toSettlement);
      const emptied = await retried(retry, () => emptiedElseAppended(options, progress, settlements));
      if (emptied && !progress.lost) options.onEmptied?.();
      if (emptied || progress.lost) break;
      if (page.entries.length === 0) continue;
      await progress.published(settlements.length, page.next);
      if (progress.lost) break;
      emit(settlements.length);
    }
  }
}

/** Looks before every try: a log that was emptied between two of them would hold the last page alone, and nobody would know. */
async function emptiedElseAppended(
  { log, topic }: RelayOptions,
  progress: RelayProgress,
  settlements: readonly NewRecord[],
): Promise<boolean> {
  if (await progress.wentBack(settlements.length > 0)) return true;
  if (settlements.length > 0) await log.append(topic, settlements);
  return false;
}

/** None for what is no terminal transition: an opened transaction, a late decision that was superseded. */
function toSettlement({ event, transaction }: JournalEntry): readonly NewRecord[] {
  const terminal = event.type === 'TransactionApproved' || event.type === 'TransactionRejected';
  if (!terminal || !isTerminal(transaction)) return [];
  const { opened, decision } = transaction;
  const value = { opened, decision, settledAt: event.at };
  return [writeRecord(transactionSettled, { id: settledEventId(opened.id), timeMs: event.at, value })];
}
