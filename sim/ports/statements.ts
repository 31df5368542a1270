/** The statements of one process over the simulated database. */
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import { compareCursors } from '../../src/persistence/cursor.ts';
import type {
  AnswerVersion,
  JournalEntries,
  JournalPage,
  ListQuery,
  NewTransaction,
  PendingWalk,
  Statements,
  StoredTransaction,
  TransactionChange,
} from '../../src/persistence/statements.ts';
import { Failure } from '../../src/platform/failure.ts';
import type { TransactionEvent } from '../../src/transaction/events.ts';
import type { TransactionId } from '../../src/transaction/ids.ts';
import type { KnownTransaction, TransactionStatus } from '../../src/transaction/states.ts';
import type { Incarnation } from '../kernel/incarnation.ts';
import type { World } from '../kernel/world.ts';
import type { DatabaseServer } from './database-server.ts';
import type { Ledger, UnitOfWork } from './ledger.ts';
import { keyOf } from './ledger.ts';
import { lookUpCursor, prune, prunedUpTo } from './prune.ts';

/** Twelve characters, as the schema makes them. */
export const journalName = 'simulated000';

export function simulatedStatements(world: World, server: DatabaseServer, incarnation: Incarnation): Statements {
  const query = <T>(name: string, read: (ledger: Ledger) => T): Promise<T> => server.query({ incarnation, name }, read);
  const unitOfWork = <T>(name: string, size: number, work: (ledger: Ledger, unit: UnitOfWork) => T): Promise<T> =>
    server.unitOfWork({ incarnation, name }, size, work);
  const note = (what: string, ids: Iterable<TransactionId>, detail = ''): void =>
    world.history.note('database', what, [...ids], `${detail} by ${incarnation.name}`.trim());
  return {
    open: (batch) =>
      unitOfWork('open', batch.length, (ledger, unit) => {
        const inserted = insert(ledger, unit, batch);
        note('opened', inserted);
        return inserted;
      }),
    change: (batch) => {
      raced(world, incarnation, batch);
      return unitOfWork('change', batch.length, (ledger, unit) => {
        const changed = change(ledger, unit, batch);
        for (const { id, event } of batch) note(changed.has(id) ? event.type : `${event.type} changed nothing`, [id]);
        return changed;
      });
    },
    load: (ids) => query('load', (ledger) => rowsOf(ledger, ids)),
    read: (keys) =>
      query('read', (ledger) => {
        const mine = keys.filter(({ clientId, id }) => ledger.rows.get(id)?.transaction.opened.clientId === clientId);
        return rowsOf(
          ledger,
          mine.map(({ id }) => id),
        );
      }),
    loadByKey: (keys) =>
      query('loadByKey', (ledger) =>
        rowsOf(
          ledger,
          keys.flatMap(({ clientId, key }) => ledger.byKey.get(keyOf(clientId, key)) ?? []),
        ),
      ),
    fixAnswers: (answers) =>
      unitOfWork('fixAnswers', 0, (ledger) => {
        const fixed = new Map<TransactionId, AnswerVersion>();
        for (const { id, version } of answers) {
          const row = ledger.rows.get(id);
          if (row === undefined) continue;
          const answerVersion = row.answerVersion ?? version;
          ledger.rows.set(id, { ...row, answerVersion });
          fixed.set(id, answerVersion);
        }
        note('answers fixed', fixed.keys(), [...fixed.values()].join());
        return fixed;
      }),
    list: (asked) => query('list', (ledger) => list(ledger, asked)),
    history: (clientId, id) =>
      query('history', (ledger) =>
        ledger.rows.get(id)?.transaction.opened.clientId === clientId ? ledger.historyOf(id) : [],
      ),
    readJournal: (after, limit, which) =>
      query('readJournal', (ledger) => readJournal(ledger, after, { limit, which: which ?? 'all' })),
    horizon: () => query('horizon', (ledger) => ledger.horizon()),
    lookUpCursor: (cursor) => query('lookUpCursor', (ledger) => lookUpCursor(ledger, cursor)),
    journalId: () => query('journalId', () => journalName),
    walkPending: (after, olderThanMs, limit) =>
      query('walkPending', (ledger) => walkPending(ledger, after, { before: server.now() - olderThanMs, limit })),
    stillPending: (ids) =>
      query(
        'stillPending',
        (ledger) => new Set(ids.filter((id) => ledger.rows.get(id)?.transaction.status === 'PENDING')),
      ),
    loadCursor: (name) => query('loadCursor', (ledger) => ledger.cursors.get(name)),
    saveCursor: (name, cursor, turn) =>
      unitOfWork('saveCursor', 0, (ledger) => {
        if (turn !== undefined && ledger.cursors.get(turn.name)?.position !== turn.number) return false;
        ledger.cursors.set(name, cursor);
        return true;
      }),
    takeTurn: (name) =>
      unitOfWork('takeTurn', 0, (ledger) => {
        const number = (ledger.cursors.get(name)?.position ?? 0n) + 1n;
        ledger.cursors.set(name, { xid: 0n, position: number });
        return { name, number };
      }),
    prune: (range) => unitOfWork('prune', 0, (ledger) => prune(ledger, range, server.now())),
    countByStatus: () => query('countByStatus', (ledger) => countByStatus(ledger)),
  };
}

/** The commit takes its time, and meanwhile somebody else decides the same transactions. */
export function raced(world: World, incarnation: Incarnation, batch: readonly TransactionChange[]): void {
  if (!world.struck('race', incarnation)) return;
  world.arm('slow-commit', incarnation.place);
  world.decideElsewhere(batch.map(({ id }) => id));
}

export function insert(ledger: Ledger, unit: UnitOfWork, batch: readonly NewTransaction[]): ReadonlySet<TransactionId> {
  const inserted = new Set<TransactionId>();
  for (const { transaction, answerVersion } of batch) {
    if (ledger.byKey.has(keyOf(transaction.clientId, transaction.idempotencyKey))) continue;
    const event: TransactionEvent = { type: 'TransactionOpened', at: transaction.createdAt, transaction };
    ledger.record(unit, transaction.id, event, answerVersion);
    inserted.add(transaction.id);
  }
  return inserted;
}

export function change(
  ledger: Ledger,
  unit: UnitOfWork,
  batch: readonly TransactionChange[],
): ReadonlySet<TransactionId> {
  const changed = new Set<TransactionId>();
  for (const { id, expectedVersion, event } of batch) {
    if (ledger.rows.get(id)?.transaction.version !== expectedVersion || changed.has(id)) continue;
    ledger.record(unit, id, event);
    changed.add(id);
  }
  return changed;
}

function rowsOf(ledger: Ledger, ids: readonly TransactionId[]): readonly StoredTransaction[] {
  return [...new Set(ids)].flatMap((id) => ledger.rows.get(id) ?? []);
}

function readJournal(
  ledger: Ledger,
  after: JournalCursor,
  { limit, which }: { readonly limit: number; readonly which: JournalEntries },
): JournalPage {
  if (compareCursors(prunedUpTo(ledger), after) > 0)
    throw new Failure('journal_pruned', 'rows after the cursor are gone');
  const horizon = ledger.horizon();
  const rows = ledger.after(after, limit);
  const entries = rows
    .filter(({ transaction }) => which === 'all' || transaction.version === 2)
    .map(({ cursor, event, transaction }) => ({ cursor, event, transaction }));
  const last = rows.at(-1);
  if (rows.length >= limit && last !== undefined) return { entries, next: last.cursor, full: true, more: true };
  const next = compareCursors(after, horizon) < 0 ? horizon : after;
  return { entries, next, full: false, more: ledger.running > 0 };
}

function walkPending(
  ledger: Ledger,
  after: JournalCursor,
  { before, limit }: { readonly before: number; readonly limit: number },
): PendingWalk {
  const page = ledger.after(after, limit);
  const young = page.findIndex(({ recordedAt }) => recordedAt > before);
  const passed = young === -1 ? page : page.slice(0, young);
  const pending = passed.flatMap(({ cursor, event, transaction: { opened } }) =>
    event.type === 'TransactionOpened' && ledger.rows.get(opened.id)?.transaction.status === 'PENDING'
      ? [{ cursor, opened }]
      : [],
  );
  return { pending, next: passed.at(-1)?.cursor ?? after, more: passed.length >= limit };
}

/** What a simulated client asks for: its newest, by status. */
function list(ledger: Ledger, { clientId, limit, before, status }: ListQuery): readonly KnownTransaction[] {
  return [...ledger.rows.values()]
    .map(({ transaction }) => transaction)
    .filter(({ opened }) => opened.clientId === clientId && (before === undefined || opened.id < before))
    .filter((found) => status === undefined || found.status === status)
    .toSorted((a, b) => (a.opened.id < b.opened.id ? 1 : -1))
    .slice(0, limit);
}

function countByStatus(ledger: Ledger): ReadonlyMap<TransactionStatus, number> {
  const counts = new Map<TransactionStatus, number>();
  for (const { transaction } of ledger.rows.values())
    counts.set(transaction.status, (counts.get(transaction.status) ?? 0) + 1);
  return counts;
}
