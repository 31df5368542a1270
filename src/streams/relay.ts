/**
 * Publishes every terminal transition for other systems, in journal order and at least once: the cursor is stored after the append, so a crash repeats a page.
 * Large, unhurried batches, one in flight; an outage of the log or the database is waited for.
 */
import type { Observable } from 'rxjs';

import { journalStart } from '../persistence/cursor.ts';
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

export type RelayOptions = JournalPagesOptions & {
  readonly statements: Pick<Statements, 'readJournal' | 'loadCursor' | 'saveCursor'>;
  readonly log: Pick<EventLog, 'append'>;
  readonly topic: string;
  readonly signal: AbortSignal;
};

/** The name under which its cursor is stored. */
export const relayCursor = 'relay';

/** Emits how many settlements each page held. */
export function relay(options: RelayOptions): Observable<number> {
  return fromLoop(options.signal, async (emit, signal) => {
    const { statements, log, topic } = options;
    const retry = { ...options.retry, signal };
    const from = (await retried(retry, () => statements.loadCursor(relayCursor))) ?? journalStart;
    for await (const page of journalPages(options, from, signal)) {
      if (page.entries.length === 0) continue;
      const settlements = page.entries.flatMap(toSettlement);
      if (settlements.length > 0) await retried(retry, () => log.append(topic, settlements));
      await retried(retry, () => statements.saveCursor(relayCursor, page.next));
      emit(settlements.length);
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
