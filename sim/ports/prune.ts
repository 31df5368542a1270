/** What is pruned of the simulated ledger, and what a cursor is worth afterwards. */
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import { compareCursors, journalStart, prunedCursor } from '../../src/persistence/cursor.ts';
import type { CursorStanding, PruneRange, PruneStep } from '../../src/persistence/statements.ts';
import type { TransactionId } from '../../src/transaction/ids.ts';
import { createdAtOf } from '../../src/transaction/ids.ts';
import { epochMs } from '../kernel/world.ts';
import type { JournalRow, Ledger } from './ledger.ts';

export function prunedUpTo(ledger: Ledger): JournalCursor {
  return ledger.cursors.get(prunedCursor) ?? journalStart;
}

export function lookUpCursor(ledger: Ledger, cursor: JournalCursor): CursorStanding {
  const pruned = compareCursors(prunedUpTo(ledger), cursor);
  if (pruned > 0) return 'pruned';
  const isRow = ledger.journal.some((row) => compareCursors(row.cursor, cursor) === 0);
  return pruned === 0 || cursor.position === 0n || isRow ? 'known' : 'unknown';
}

export function prune(ledger: Ledger, range: PruneRange, now: number): PruneStep {
  const { after, olderThanMs, limit, dryRun } = range;
  const old = (id: TransactionId): boolean => createdAtOf(id) - epochMs < now - olderThanMs;
  const page = [...ledger.rows.keys()].filter((id) => old(id) && (after === undefined || id > after)).toSorted();
  const looked = page.slice(0, limit);
  const terminal = looked.filter((id) => ledger.rows.get(id)?.transaction.status !== 'PENDING');
  const cut = terminal.map((id) => rowsToCut(ledger, id, range, now)).filter((rows) => rows.length > 0);
  if (!dryRun) remove(ledger, cut.flat());
  return {
    transactions: cut.length,
    journalRows: cut.flat().length,
    pending: looked.length - terminal.length,
    held: terminal.length - cut.length,
    next: looked.length < limit ? undefined : looked.at(-1),
  };
}

/** None where the transaction has to stay. */
function rowsToCut(
  ledger: Ledger,
  id: TransactionId,
  { readers, olderThanMs }: PruneRange,
  now: number,
): readonly JournalRow[] {
  const rows = ledger.historyOf(id);
  const places = readers.map((name) => ledger.cursors.get(name) ?? journalStart);
  const isPast = ({ cursor, recordedAt }: JournalRow): boolean =>
    recordedAt <= now - olderThanMs && places.every((place) => compareCursors(cursor, place) <= 0);
  const whole = rows.length === ledger.rows.get(id)?.transaction.version && places.length > 0;
  return whole && rows.every(isPast) ? rows : [];
}

function remove(ledger: Ledger, cut: readonly JournalRow[]): void {
  const gone = new Set(cut);
  const kept = ledger.journal.filter((row) => !gone.has(row));
  ledger.journal.splice(0, ledger.journal.length, ...kept);
  for (const { cursor, transaction } of cut) {
    ledger.forget(transaction.opened);
    if (compareCursors(cursor, prunedUpTo(ledger)) > 0) ledger.cursors.set(prunedCursor, cursor);
  }
}
