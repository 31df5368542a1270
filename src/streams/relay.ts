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
  readonly statements: Pick<Statements, 'readJournal' | 'loadCursor' | 'saveCursor'>;
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
    const { log, topic, onEmptied } = options;
    const retry = { ...options.retry, signal };
    const progress = await RelayProgress.load({ ...options, retry });
    while (!signal.aborted) {
      for await (const page of journalPages(options, progress.at, signal)) {
        const settlements = page.entries.flatMap(toSettlement);
        if (await progress.wentBack(settlements.length > 0)) {
          onEmptied?.();
          break;
        }
        if (page.entries.length === 0) continue;
        if (settlements.length > 0) await retried(retry, () => log.append(topic, settlements));
        await progress.published(settlements.length, page.next);
        emit(settlements.length);
      }
    }
  });
}

/** None for what is no terminal transition: an opened transaction, a late decision that was superseded. */
function toSettlement({ event, transaction }: JournalEntry): readonly NewRecord[] {
  const terminal = event.type === 'TransactionApproved' || event.type === 'TransactionRejected';
  if (!terminal || !isTerminal(transaction)) return [];
  const { opened, decision } = transaction;
  const value = { opened, decision, settledAt: event.at };
  return [writeRecord(transactionSettled, { id: settledEventId(opened.id), timeMs: event.at, value })];
}
