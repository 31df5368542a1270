/**
 * The database itself: rows, unique keys, and a journal whose commit horizon is held back by every unit of work that runs. Xid and positions are drawn when
 * a unit of work begins, what it does is seen when it commits: between the two others commit, so that neither order is the order of commits.
 */
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import { compareCursors } from '../../src/persistence/cursor.ts';
import type { JournalEntry, StoredTransaction } from '../../src/persistence/statements.ts';
import { apply } from '../../src/transaction/apply.ts';
import type { TransactionEvent } from '../../src/transaction/events.ts';
import type { TransactionId } from '../../src/transaction/ids.ts';
import type { KnownTransaction } from '../../src/transaction/states.ts';
import { unknownTransaction } from '../../src/transaction/states.ts';

export type JournalRow = JournalEntry & { readonly recordedAt: number };

/** One that was aborted leaves nothing behind. */
export type UnitOfWork = { readonly xid: bigint; position: bigint; readonly beganAt: number; aborted: boolean };

export class Ledger {
  readonly rows = new Map<TransactionId, StoredTransaction>();
  readonly byKey = new Map<string, TransactionId>();
  readonly cursors = new Map<string, JournalCursor>();
  /** Committed, in cursor order. */
  readonly journal: JournalRow[] = [];
  readonly #running = new Set<UnitOfWork>();
  readonly #committed = new Set<() => void>();
  #nextXid = 1_000n;
  #nextPosition = 1n;

  begin(size: number, at: number): UnitOfWork {
    const unit = { xid: this.#nextXid++, position: this.#nextPosition, beganAt: at, aborted: false };
    this.#nextPosition += BigInt(size);
    this.#running.add(unit);
    return unit;
  }

  end(unit: UnitOfWork): void {
    this.#running.delete(unit);
    for (const notice of this.#committed) notice();
  }

  /** What a crash of the database does to everything that runs. */
  abortAll(): void {
    for (const unit of this.#running) unit.aborted = true;
    this.#running.clear();
  }

  onCommit(notice: () => void): () => void {
    this.#committed.add(notice);
    return () => this.#committed.delete(notice);
  }

  get running(): number {
    return this.#running.size;
  }

  /** Like `pg_snapshot_xmin`: the oldest unit of work that runs, or else the next one. */
  horizon(): JournalCursor {
    let xid = this.#nextXid;
    for (const running of this.#running) if (running.xid < xid) xid = running.xid;
    return { xid, position: 0n };
  }

  /** Behind everything that has begun, whether or not it is readable. */
  newest(): JournalCursor {
    return { xid: this.#nextXid, position: 0n };
  }

  /** Row and journal row, as one. */
  record(unit: UnitOfWork, id: TransactionId, event: TransactionEvent, answerVersion: 1 | null = 1): void {
    const row = this.rows.get(id);
    const transaction = apply(row?.transaction ?? unknownTransaction, event);
    if (transaction.status === 'UNKNOWN') throw new Error(`${event.type} left ${id} unknown`);
    this.store(transaction, row === undefined ? answerVersion : row.answerVersion);
    this.write(unit, event, transaction);
  }

  /** The row alone, as it is said to be. */
  store(transaction: KnownTransaction, answerVersion: StoredTransaction['answerVersion']): void {
    const { id, clientId, idempotencyKey } = transaction.opened;
    this.rows.set(id, { transaction, answerVersion });
    this.byKey.set(keyOf(clientId, idempotencyKey), id);
  }

  /** The row and its key. */
  forget({ id, clientId, idempotencyKey }: KnownTransaction['opened']): void {
    this.rows.delete(id);
    this.byKey.delete(keyOf(clientId, idempotencyKey));
  }

  /** The journal row alone. */
  write(unit: UnitOfWork, event: TransactionEvent, transaction: KnownTransaction): void {
    const cursor = { xid: unit.xid, position: unit.position++ };
    this.journal.splice(this.#place(cursor), 0, { cursor, event, transaction, recordedAt: unit.beganAt });
  }

  /** Readable rows behind the cursor. */
  after(cursor: JournalCursor, limit: number): readonly JournalRow[] {
    const from = this.#place(cursor);
    return this.journal.slice(from, Math.min(from + limit, this.#place(this.horizon())));
  }

  historyOf(id: TransactionId): readonly JournalRow[] {
    return this.journal
      .filter(({ transaction }) => transaction.opened.id === id)
      .toSorted((a, b) => a.transaction.version - b.transaction.version);
  }

  /** How many rows stand at or before the cursor. */
  #place(cursor: JournalCursor): number {
    let low = 0;
    let high = this.journal.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.journal[middle];
      if (row !== undefined && compareCursors(row.cursor, cursor) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function keyOf(clientId: string, key: string): string {
  return `${clientId} ${key}`;
}
