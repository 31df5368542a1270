/** Pruning keeps its contract on a real server, tears no transaction from its journal rows while others write to them, and gives back room that the next ones take. */
import * as assert from 'uvu/assert';

import { migrate } from '../../../src/persistence/migrate.ts';
import { sqlStatements } from '../../../src/persistence/sql/sql-statements.ts';
import type { PruneRange, Statements } from '../../../src/persistence/statements.ts';
import type { Database } from '../../../src/platform/database/database.ts';
import type { TransactionId } from '../../../src/transaction/ids.ts';
import { pruneContract } from '../../persistence/prune.contract.ts';
import { openTestPostgres } from '../../support/postgres.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { approval, openedTransaction, rejection } from '../../support/transactions.ts';

const test = suite('prune on PostgreSQL');
let services: LiveServices;
let database: Database;
let statements: Statements;

test.before(async () => {
  services = await liveServices();
  database = openTestPostgres(await services.freshDatabase());
  await migrate(database);
  statements = sqlStatements(database);
});
test.after(async () => {
  await database[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

pruneContract(test, () => statements);

async function settled(first: number, count: number): Promise<readonly TransactionId[]> {
  const batch = Array.from({ length: count }, (_, index) => openedTransaction(first + index));
  for (let from = 0; from < count; from += 500) {
    const part = batch.slice(from, from + 500);
    await statements.open(part.map((transaction) => ({ transaction, answerVersion: 1 })));
    const event = { type: 'TransactionApproved', at: approval.decidedAt, decision: approval } as const;
    await statements.change(part.map(({ id }) => ({ id, expectedVersion: 1, event })));
  }
  await statements.saveCursor('a reader', await statements.horizon());
  return batch.map(({ id }) => id);
}

function range(first: number, limit: number): PruneRange {
  const after = openedTransaction(first - 1).id;
  return { after, limit, olderThanMs: 0, readers: ['a reader'], dryRun: false };
}

async function pruneFrom(first: number, limit: number): Promise<number> {
  let [removed, at] = [0, range(first, limit)];
  for (;;) {
    const { transactions, next } = await statements.prune(at);
    removed += transactions;
    if (next === undefined) return removed;
    at = { ...at, after: next };
  }
}

test('late decisions beside two prunes: a transaction and its journal rows stay or go together', async () => {
  const first = 1_000_000;
  const ids = await settled(first, 600);
  const event = { type: 'DecisionSuperseded', at: rejection.decidedAt, decision: rejection } as const;
  const late = async (mine: readonly TransactionId[]): Promise<number> => {
    let changed = 0;
    for (const id of mine) changed += (await statements.change([{ id, expectedVersion: 2, event }])).size;
    return changed;
  };
  const [one, two, pruned, alike] = await Promise.all([
    late(ids.toReversed()),
    late(ids.filter((_, index) => index % 3 === 0)),
    pruneFrom(first, 20),
    pruneFrom(first, 30),
  ]);
  assert.ok(pruned + alike > 0 && one + two > 0, `${pruned + alike} pruned, ${one + two} decided late`);
  const [torn] = await database.query<{ count: number }>(
    `select count(*)::int as count from transaction_event e full join transaction t on t.id = e.transaction_id
     where t.id is null or e.transaction_id is null`,
    [],
  );
  assert.is(torn?.count, 0);
  await statements.saveCursor('a reader', await statements.horizon());
  assert.is((await statements.load(ids)).length, await pruneFrom(first, 1_000));
});

test('a row that somebody has locked is passed over, not waited for', async () => {
  const first = 2_000_000;
  const [id] = await settled(first, 3);
  const open = database.orm.em.fork();
  await open.begin();
  await open.execute(`select from transaction where id = '${id}' for update`);
  const { transactions, held } = await statements.prune(range(first, 10));
  assert.equal([transactions, held], [2, 1]);
  await open.commit();
  assert.is((await statements.prune(range(first, 10))).transactions, 1);
});

// Pages that a vacuum empties are given out again after the next one, so that two rounds make the size.
test('room is taken again: from the second round on the tables no longer grow', async () => {
  const sizes: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const first = 3_000_000 + round * 10_000;
    await settled(first, 4_000);
    assert.is(await pruneFrom(first, 500), 4_000);
    await database.orm.em.getConnection().execute('vacuum transaction, transaction_event');
    const [row] = await database.query<{ bytes: number }>(
      `select (pg_total_relation_size('transaction') + pg_total_relation_size('transaction_event'))::float8 as bytes`,
      [],
    );
    sizes.push(row?.bytes ?? 0);
  }
  const [, second = 0, , , fifth = 0] = sizes;
  assert.ok(fifth <= second * 1.1, `sizes: ${sizes.join(', ')}`);
}, 60_000);

test.run();
