/**
 * Statements in memory, honest about what makes the real ones hard: unique keys, the version guard, and a journal whose commit horizon is held back by every unit
 * of work that is still running. `begin` opens one that commits when the test says so. Passes the contract of the statements over PostgreSQL.
 */
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import { compareCursors, journalStart, prunedCursor } from '../../src/persistence/cursor.ts';
import type {
  AnswerVersion,
  ClientKey,
  ClientScoped,
  CursorStanding,
  FixedAnswer,
  JournalEntry,
  JournalEntries,
  JournalPage,
  ListQuery,
  NewTransaction,
  PendingWalk,
  PruneRange,
  PruneStep,
  Statements,
  StoredTransaction,
  TransactionChange,
  Turn,
} from '../../src/persistence/statements.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { Failure } from '../../src/platform/failure.ts';
import { apply } from '../../src/transaction/apply.ts';
import type { TransactionEvent } from '../../src/transaction/events.ts';
import type { ClientId, TransactionId } from '../../src/transaction/ids.ts';
import type { KnownTransaction, TransactionState, TransactionStatus } from '../../src/transaction/states.ts';
import { unknownTransaction } from '../../src/transaction/states.ts';

type JournalRow = JournalEntry & { readonly recordedAt: number };

export class MemoryStatements implements Statements {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #rows = new Map<TransactionId, StoredTransaction>();
  readonly #byKey = new Map<string, TransactionId>();
  readonly #history = new Map<TransactionId, JournalEntry[]>();
  /** Committed rows, in cursor order. */
  readonly #journal: JournalRow[] = [];
  readonly #cursors = new Map<string, JournalCursor>();
  readonly #running = new Set<bigint>();
  #nextXid = 1_000n;
  #nextPosition = 1n;

  constructor({ clock = systemClock }: { readonly clock?: Pick<Clock, 'now'> } = {}) {
    this.#clock = clock;
  }

  /** A unit of work that holds the horizon back until it is committed. Two that touch the same rows would wait for each other: here that is the test's mistake. */
  begin(): {
    readonly write: (events: readonly TransactionEvent[], id: TransactionId) => void;
    readonly commit: () => void;
  } {
    const xid = this.#nextXid++;
    this.#running.add(xid);
    const written: (readonly [TransactionId, TransactionEvent, bigint])[] = [];
    return {
      write: (events, id) => {
        for (const event of events) written.push([id, event, this.#nextPosition++]);
      },
      commit: () => {
        for (const [id, event, position] of written) this.#record(id, event, { xid, position });
        this.#running.delete(xid);
      },
    };
  }

  async open(batch: readonly NewTransaction[]): Promise<ReadonlySet<TransactionId>> {
    const inserted = new Set<TransactionId>();
    const xid = this.#nextXid++;
    for (const { transaction, answerVersion } of batch) {
      if (this.#byKey.has(keyOf(transaction.clientId, transaction.idempotencyKey))) continue;
      if (this.#rows.has(transaction.id)) throw new Error(`${transaction.id} exists already`);
      const event: TransactionEvent = { type: 'TransactionOpened', at: transaction.createdAt, transaction };
      this.#record(transaction.id, event, { xid, position: this.#nextPosition++ }, answerVersion);
      inserted.add(transaction.id);
    }
    return inserted;
  }

  async change(batch: readonly TransactionChange[]): Promise<ReadonlySet<TransactionId>> {
    const changed = new Set<TransactionId>();
    const xid = this.#nextXid++;
    for (const { id, expectedVersion, event } of batch) {
      if (this.#rows.get(id)?.transaction.version !== expectedVersion || changed.has(id)) continue;
      this.#record(id, event, { xid, position: this.#nextPosition++ });
      changed.add(id);
    }
    return changed;
  }

  async load(ids: readonly TransactionId[]): Promise<readonly StoredTransaction[]> {
    return [...new Set(ids)].flatMap((id) => this.#rows.get(id) ?? []);
  }

  async read(keys: readonly ClientScoped[]): Promise<readonly StoredTransaction[]> {
    const mine = keys.filter(({ clientId, id }) => this.#rows.get(id)?.transaction.opened.clientId === clientId);
    return this.load(mine.map(({ id }) => id));
  }

  async loadByKey(keys: readonly ClientKey[]): Promise<readonly StoredTransaction[]> {
    return this.load(keys.flatMap(({ clientId, key }) => this.#byKey.get(keyOf(clientId, key)) ?? []));
  }

  async fixAnswers(answers: readonly FixedAnswer[]): Promise<ReadonlyMap<TransactionId, AnswerVersion>> {
    const fixed = new Map<TransactionId, AnswerVersion>();
    for (const { id, version } of answers) {
      const row = this.#rows.get(id);
      if (row === undefined) continue;
      const answerVersion = row.answerVersion ?? version;
      this.#rows.set(id, { ...row, answerVersion });
      fixed.set(id, answerVersion);
    }
    return fixed;
  }

  async list(query: ListQuery): Promise<readonly KnownTransaction[]> {
    const { clientId, limit, before, status, account, createdFrom, createdTo } = query;
    return [...this.#rows.values()]
      .map(({ transaction }) => transaction)
      .filter(({ opened }) => opened.clientId === clientId && (before === undefined || opened.id < before))
      .filter((found) => status === undefined || found.status === status)
      .filter(
        ({ opened }) => account === undefined || [opened.debitAccountId, opened.creditAccountId].includes(account),
      )
      .filter(
        ({ opened }) => createdMs(opened.id) >= (createdFrom ?? 0) && createdMs(opened.id) < (createdTo ?? Infinity),
      )
      .toSorted((a, b) => (a.opened.id < b.opened.id ? 1 : -1))
      .slice(0, limit);
  }

  async history(clientId: ClientId, id: TransactionId): Promise<readonly JournalEntry[]> {
    return this.#rows.get(id)?.transaction.opened.clientId === clientId ? [...(this.#history.get(id) ?? [])] : [];
  }

  async readJournal(after: JournalCursor, limit: number, which: JournalEntries = 'all'): Promise<JournalPage> {
    if (compareCursors(this.#cursors.get(prunedCursor) ?? journalStart, after) > 0) {
      throw new Failure('journal_pruned', 'rows after the cursor were pruned');
    }
    const horizon = this.#horizon();
    const rows = this.#after(after, limit);
    const wanted = rows.filter(({ transaction }) => which === 'all' || transaction.version === 2);
    const entries = wanted.map(({ cursor, event, transaction }) => ({ cursor, event, transaction }));
    const last = rows.at(-1);
    if (rows.length >= limit && last !== undefined) return { entries, next: last.cursor, full: true, more: true };
    const next = compareCursors(after, horizon) < 0 ? horizon : after;
    return { entries, next, full: false, more: this.#running.size > 0 };
  }

  async horizon(): Promise<JournalCursor> {
    return this.#horizon();
  }

  async lookUpCursor(cursor: JournalCursor): Promise<CursorStanding> {
    const pruned = compareCursors(this.#cursors.get(prunedCursor) ?? journalStart, cursor);
    if (pruned > 0) return 'pruned';
    const isRow = this.#journal.some((row) => compareCursors(row.cursor, cursor) === 0);
    return pruned === 0 || cursor.position === 0n || isRow ? 'known' : 'unknown';
  }

  async journalId(): Promise<string> {
    return 'memory000000';
  }

  async walkPending(after: JournalCursor, olderThanMs: number, limit: number): Promise<PendingWalk> {
    const page = this.#after(after, limit);
    const young = page.findIndex(({ recordedAt }) => recordedAt > this.#clock.now() - olderThanMs);
    const passed = young === -1 ? page : page.slice(0, young);
    const pending = passed.flatMap(({ cursor, event, transaction: { opened } }) =>
      event.type === 'TransactionOpened' && this.#rows.get(opened.id)?.transaction.status === 'PENDING'
        ? [{ cursor, opened }]
        : [],
    );
    return { pending, next: passed.at(-1)?.cursor ?? after, more: passed.length >= limit };
  }

  async stillPending(ids: readonly TransactionId[]): Promise<ReadonlySet<TransactionId>> {
    return new Set(ids.filter((id) => this.#rows.get(id)?.transaction.status === 'PENDING'));
  }

  async loadCursor(name: string): Promise<JournalCursor | undefined> {
    return this.#cursors.get(name);
  }

  async saveCursor(name: string, cursor: JournalCursor, turn?: Turn): Promise<boolean> {
    if (turn !== undefined && this.#cursors.get(turn.name)?.position !== turn.number) return false;
    this.#cursors.set(name, cursor);
    return true;
  }

  async takeTurn(name: string): Promise<Turn> {
    const number = (this.#cursors.get(name)?.position ?? 0n) + 1n;
    this.#cursors.set(name, { xid: 0n, position: number });
    return { name, number };
  }

  async prune({ after, olderThanMs, limit, readers, dryRun }: PruneRange): Promise<PruneStep> {
    const before = this.#clock.now() - olderThanMs;
    const page = [...this.#rows.keys()]
      .filter((id) => createdMs(id) < before && (after === undefined || id > after))
      .toSorted()
      .slice(0, limit);
    const places = readers.map((name) => this.#cursors.get(name) ?? journalStart);
    const terminal = page.filter((id) => this.#rows.get(id)?.transaction.status !== 'PENDING');
    const prunable = new Set(
      terminal.filter((id) => {
        const rows = this.#journal.filter(({ transaction }) => transaction.opened.id === id);
        const whole = rows.length === this.#rows.get(id)?.transaction.version && places.length > 0;
        const isPast = ({ cursor, recordedAt }: JournalRow): boolean =>
          recordedAt <= before && places.every((place) => compareCursors(cursor, place) <= 0);
        return whole && rows.every(isPast);
      }),
    );
    const cut = this.#journal.filter(({ transaction }) => prunable.has(transaction.opened.id));
    if (!dryRun) this.#remove(prunable, cut);
    const pending = page.length - terminal.length;
    const counts = { transactions: prunable.size, journalRows: cut.length, pending };
    const next = page.length < limit ? undefined : page.at(-1);
    return { ...counts, held: terminal.length - prunable.size, next };
  }

  async countByStatus(): Promise<ReadonlyMap<TransactionStatus, number>> {
    const counts = new Map<TransactionStatus, number>();
    for (const { transaction } of this.#rows.values())
      counts.set(transaction.status, (counts.get(transaction.status) ?? 0) + 1);
    return counts;
  }

  #record(id: TransactionId, event: TransactionEvent, cursor: JournalCursor, answerVersion: 1 | null = 1): void {
    const row = this.#rows.get(id);
    const state: TransactionState = row?.transaction ?? unknownTransaction;
    const transaction = apply(state, event);
    if (transaction.status === 'UNKNOWN') throw new Error(`${event.type} left ${id} unknown`);
    this.#rows.set(id, { transaction, answerVersion: row === undefined ? answerVersion : row.answerVersion });
    this.#byKey.set(keyOf(transaction.opened.clientId, transaction.opened.idempotencyKey), id);
    const entry: JournalEntry = { cursor, event, transaction };
    this.#journal.splice(this.#place(cursor), 0, { ...entry, recordedAt: this.#clock.now() });
    this.#history.set(id, [...(this.#history.get(id) ?? []), entry]);
  }

  #remove(ids: ReadonlySet<TransactionId>, cut: readonly JournalRow[]): void {
    const cutOff = new Set(cut);
    const kept = this.#journal.filter((row) => !cutOff.has(row));
    this.#journal.splice(0, this.#journal.length, ...kept);
    for (const id of ids) {
      const opened = this.#rows.get(id)?.transaction.opened;
      if (opened !== undefined) this.#byKey.delete(keyOf(opened.clientId, opened.idempotencyKey));
      this.#rows.delete(id);
      this.#history.delete(id);
    }
    const [last, marked] = [cut.at(-1)?.cursor, this.#cursors.get(prunedCursor) ?? journalStart];
    if (last !== undefined && compareCursors(last, marked) > 0) this.#cursors.set(prunedCursor, last);
  }

  /** Like `pg_snapshot_xmin`: the oldest unit of work that runs, or else the next one. */
  #horizon(): JournalCursor {
    let xid = this.#nextXid;
    for (const running of this.#running) if (running < xid) xid = running;
    return { xid, position: 0n };
  }

  #after(cursor: JournalCursor, limit: number): readonly JournalRow[] {
    const from = this.#place(cursor);
    return this.#journal.slice(from, Math.min(from + limit, this.#place(this.#horizon())));
  }

  /** How many rows stand at or before the cursor. */
  #place(cursor: JournalCursor): number {
    let low = 0;
    let high = this.#journal.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.#journal[middle];
      if (row !== undefined && compareCursors(row.cursor, cursor) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function keyOf(clientId: string, key: string): string {
  return `${clientId} ${key}`;
}

/** Ids of version 7 begin with their creation time. */
function createdMs(id: TransactionId): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
