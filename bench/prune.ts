/**
 * `node bench/prune.ts [--rounds 3] [--transactions 50000]`: what pruning costs a PostgreSQL that syncs, by batch size, and whether tables that are filled, pruned and vacuumed in turn keep their size.
 * Rounds end with a line of JSON each.
 */
import { parseArgs } from 'node:util';

import { migrate, ormOptions } from '../src/persistence/migrate.ts';
import { sqlStatements } from '../src/persistence/sql/sql-statements.ts';
import type { PruneStep, Statements } from '../src/persistence/statements.ts';
import { systemClock } from '../src/platform/clock.ts';
import type { Database } from '../src/platform/database/database.ts';
import { openPostgres } from '../src/platform/database/postgres.ts';
import type { AccountId, ClientId, IdempotencyKey, TransactionId } from '../src/transaction/ids.ts';
import type { OpenedTransaction } from '../src/transaction/states.ts';
import { startServices } from '../tools/services/start-services.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    transactions: { type: 'string', default: '50000' },
    /** Batch sizes, taken in turn within each round. */
    batches: { type: 'string', default: '200,500,1000,2000' },
  },
});
const batchSizes = values.batches.split(',').map(Number);
const epochMs = Date.UTC(2026, 0, 1);
let used = 0;

await using services = await startServices({ only: ['postgres'] });
await using database = openPostgres({
  ...{ url: services.env.DATABASE_URL, applicationName: 'bench prune', orm: ormOptions, clock: systemClock },
  ...{ poolMax: 4, connectTimeoutMs: 2_000, statementTimeoutMs: 60_000, lockTimeoutMs: 2_000 },
  idleInTransactionTimeoutMs: 5_000,
});
await migrate(database);
const statements = sqlStatements(database);
for (let round = 1; round <= Number(values.rounds); round += 1) {
  const loadMs = await load(statements, Number(values.transactions));
  const full = await sizes(database);
  const pruned = await pruneAll(statements);
  const startedAt = performance.now();
  await database.orm.em.getConnection().execute('vacuum (analyze) transaction, transaction_event');
  const vacuumMs = Math.round(performance.now() - startedAt);
  console.log(JSON.stringify({ round, loadMs, full, pruned, vacuumMs, vacuumed: await sizes(database) }));
}

function opened(): OpenedTransaction {
  used += 1;
  const tail = used.toString(16).padStart(12, '0');
  const time = (epochMs + used).toString(16).padStart(12, '0');
  // Accounts are as scattered as they are in life: their indexes are the ones that suffer.
  const account = (): AccountId => crypto.randomUUID() as AccountId;
  return {
    id: `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}` as TransactionId,
    clientId: 'bench' as ClientId,
    idempotencyKey: crypto.randomUUID() as string as IdempotencyKey,
    ...{ debitAccountId: account(), creditAccountId: account(), transferType: { id: 1, name: 'TRANSFER' } },
    ...{
      amountMinor: 12_000n,
      digits: 2,
      currency: 'PEN',
      createdAt: epochMs + used,
      decideBy: epochMs + used + 60_000,
    },
  };
}

async function load(into: Statements, count: number): Promise<number> {
  const startedAt = performance.now();
  const decision = {
    outcome: 'APPROVED',
    reasons: [],
    ruleset: '2026-11-01',
    decidedBy: 'RULES',
    decidedAt: epochMs,
  } as const;
  for (let done = 0; done < count; done += 500) {
    const batch = Array.from({ length: 500 }, opened);
    await into.open(batch.map((transaction) => ({ transaction, answerVersion: 1 })));
    const event = { type: 'TransactionApproved', at: epochMs, decision } as const;
    await into.change(batch.map(({ id }) => ({ id, expectedVersion: 1, event })));
  }
  await into.saveCursor('bench', await into.horizon());
  return Math.round(performance.now() - startedAt);
}

type Pruned = { readonly batch: number; transactions: number; rows: number; ms: number; readonly steps: number[] };

async function pruneAll(from: Statements): Promise<readonly object[]> {
  const all: Pruned[] = batchSizes.map((batch) => ({ batch, transactions: 0, rows: 0, ms: 0, steps: [] }));
  let after: TransactionId | undefined;
  for (let turn = 0; ; turn += 1) {
    const one = all[turn % all.length];
    if (one === undefined) throw new Error('there are batch sizes');
    const startedAt = performance.now();
    const range = { after, olderThanMs: 0, limit: one.batch, readers: ['bench'], dryRun: false };
    const step: PruneStep = await from.prune(range);
    const ms = performance.now() - startedAt;
    one.transactions += step.transactions;
    one.rows += step.transactions + step.journalRows;
    one.ms += ms;
    one.steps.push(ms);
    if (step.next === undefined) break;
    after = step.next;
  }
  return all.map(({ batch, transactions, rows, ms, steps }) => {
    const sorted = steps.toSorted((a, b) => a - b);
    const at = (share: number): number => Math.round(10 * (sorted[Math.floor(share * (sorted.length - 1))] ?? 0)) / 10;
    const perSecond = Math.round(transactions / (ms / 1_000));
    return {
      batch,
      transactions,
      perSecond,
      rowsPerSecond: Math.round(rows / (ms / 1_000)),
      medianMs: at(0.5),
      worstMs: at(1),
    };
  });
}

async function sizes(of: Database): Promise<unknown> {
  const [row] = await of.query<{ sizes: object }>(
    `select json_object_agg(relname, json_build_object(
        'tableMB', round(pg_table_size(oid) / 1e6, 1), 'indexesMB', round(pg_indexes_size(oid) / 1e6, 1))) as sizes
     from pg_class where relname in ('transaction', 'transaction_event') and relkind = 'r'`,
    [],
  );
  return row?.sizes;
}
