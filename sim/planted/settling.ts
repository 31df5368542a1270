/** Bugs of those who change a transaction: guards that are missing, and effects outside of the unit of work. */
import type { TransactionChange } from '../../src/persistence/statements.ts';
import type { KnownTransaction } from '../../src/transaction/states.ts';
import type { TransactionId } from '../../src/transaction/ids.ts';
import type { Ledger, UnitOfWork } from '../ports/ledger.ts';
import { change, raced } from '../ports/statements.ts';
import type { Plant, Seam } from './plant.ts';

export const settlingPlants: readonly Plant[] = [
  {
    name: 'read-then-write',
    what: 'the settlement is written without asking whether the row is still as it was read',
    statements: (_inner, seam) => ({
      change: (batch) => overwriteAll(seam, batch),
    }),
  },
  {
    name: 'deadline-overwrites',
    what: 'the deadline writes its decision over whatever is there',
    statements: (inner, seam) => ({
      change: (batch) =>
        batch.some(({ event }) => event.decision.decidedBy === 'DEADLINE')
          ? overwriteAll(seam, batch)
          : inner.change(batch),
    }),
  },
  {
    name: 'late-decision-wins',
    what: 'a decision that comes after the deadline has decided replaces the status',
    statements: (_inner, seam) => ({
      change: (batch) =>
        inUnit(seam, batch.length, (ledger, unit) => {
          const changed = change(ledger, unit, batch);
          for (const { id, event } of batch) {
            const row = ledger.rows.get(id);
            if (row === undefined || event.type !== 'DecisionSuperseded' || !changed.has(id)) continue;
            const { opened } = row.transaction;
            const { decision } = event;
            ledger.store({ status: decision.outcome, version: 3, opened, decision }, row.answerVersion);
          }
          return changed;
        }),
    }),
  },
  {
    name: 'journal-outside-unit',
    what: 'the journal row is written after the row, in a unit of work of its own',
    statements: (_inner, seam) => ({
      change: async (batch) => {
        const rows = await inUnit(seam, 0, (ledger) => storeOnly(ledger, batch));
        await inUnit(seam, batch.length, (ledger, unit) => {
          for (const { id, event } of batch) {
            const row = ledger.rows.get(id);
            if (row !== undefined && rows.has(id)) ledger.write(unit, event, row.transaction);
          }
        });
        return rows;
      },
    }),
  },
  {
    name: 'state-after-failed-commit',
    what: 'what an actor thinks it has committed stays in memory although the commit failed',
    statements: (inner) => {
      const believed = new Map<TransactionId, KnownTransaction>();
      return {
        load: async (ids) => {
          const stored = await inner.load(ids);
          return stored.map((each) => {
            const transaction = believed.get(each.transaction.opened.id);
            return transaction === undefined ? each : { ...each, transaction };
          });
        },
        change: async (batch) => {
          const rows = await inner.load(batch.map(({ id }) => id));
          const before = new Map(rows.map((row) => [row.transaction.opened.id, row]));
          const wanted = batch.filter(({ id, event }) => event.type === 'DecisionSuperseded' || !believed.has(id));
          for (const { id, event } of wanted) {
            const row = before.get(id)?.transaction;
            if (row?.status !== 'PENDING') continue;
            const { decision } = event;
            believed.set(id, { status: decision.outcome, version: 2, opened: row.opened, decision });
          }
          return wanted.length === 0 ? new Set() : inner.change(wanted);
        },
      };
    },
  },
  {
    name: 'reply-before-commit',
    what: 'a settlement is reported before it is durable',
    statements: (inner) => ({
      change: async (batch) => {
        inner.change(batch).catch(() => undefined);
        return new Set(batch.map(({ id }) => id));
      },
    }),
  },
];

export function inUnit<T>(seam: Seam, size: number, work: (ledger: Ledger, unit: UnitOfWork) => T): Promise<T> {
  const { services, incarnation } = seam;
  return services.server.unitOfWork({ incarnation, name: 'planted' }, size, work);
}

export function inQuery<T>(seam: Seam, read: (ledger: Ledger) => T): Promise<T> {
  const { services, incarnation } = seam;
  return services.server.query({ incarnation, name: 'planted' }, read);
}

function overwriteAll(seam: Seam, batch: readonly TransactionChange[]): Promise<ReadonlySet<TransactionId>> {
  raced(seam.services.world, seam.incarnation, batch);
  return inUnit(seam, batch.length, (ledger, unit) => overwrite(ledger, unit, batch));
}

/** `update … set status = … where id = …`, and a journal row. */
function overwrite(ledger: Ledger, unit: UnitOfWork, batch: readonly TransactionChange[]): ReadonlySet<TransactionId> {
  for (const { id, expectedVersion, event } of batch) {
    const row = ledger.rows.get(id);
    if (row === undefined) continue;
    const version = expectedVersion === 1 ? 2 : 3;
    const { decision } = event;
    const transaction: KnownTransaction = {
      status: decision.outcome,
      version,
      opened: row.transaction.opened,
      decision,
    };
    ledger.store(transaction, row.answerVersion);
    ledger.write(unit, event, transaction);
  }
  return new Set(batch.map(({ id }) => id));
}

function storeOnly(ledger: Ledger, batch: readonly TransactionChange[]): ReadonlySet<TransactionId> {
  const changed = new Set<TransactionId>();
  for (const { id, expectedVersion, event } of batch) {
    const row = ledger.rows.get(id);
    if (row?.transaction.version !== expectedVersion) continue;
    const { decision } = event;
    const settled: KnownTransaction = {
      status: decision.outcome,
      version: 2,
      opened: row.transaction.opened,
      decision,
    };
    const kept = row.transaction.status === 'PENDING' ? settled : { ...row.transaction, version: 3 as const };
    ledger.store(kept, row.answerVersion);
    changed.add(id);
  }
  return changed;
}
