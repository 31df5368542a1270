/** Pruning keeps its contract on the embedded database and in memory, and nobody who reads while it works is led past what it takes. */
import * as assert from 'uvu/assert';

import { journalStart, prunedCursor } from '../../src/persistence/cursor.ts';
import { migrate, ormOptions } from '../../src/persistence/migrate.ts';
import { sqlStatements } from '../../src/persistence/sql/sql-statements.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { openPglite } from '../../src/platform/database/pglite.ts';
import { codeOf } from '../support/code-of.ts';
import { MemoryStatements } from '../support/memory-statements.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction } from '../support/transactions.ts';
import { pruneContract } from './prune.contract.ts';

const inMemory = suite('prune in memory');
const memory = new MemoryStatements();
pruneContract(inMemory, () => memory);
inMemory.run();

const test = suite('prune on PGlite');
let database: Database;

test.before(async () => {
  database = await openPglite({ directory: undefined, orm: ormOptions });
  await migrate(database);
});
test.after(() => database[Symbol.asyncDispose]());

pruneContract(test, () => sqlStatements(database));

test('a prune between a page and the look at its transactions is noticed', async () => {
  const statements = sqlStatements(database);
  const transaction = openedTransaction(500_000);
  const from = (await statements.loadCursor(prunedCursor)) ?? journalStart;
  await statements.open([{ transaction, answerVersion: 1 }]);
  const event = { type: 'TransactionApproved', at: approval.decidedAt, decision: approval } as const;
  await statements.change([{ id: transaction.id, expectedVersion: 1, event }]);
  await statements.saveCursor('a reader', await statements.horizon());
  // What was written in this very millisecond is not older than no age at all.
  await systemClock.sleep(2);
  const range = {
    after: openedTransaction(499_999).id,
    olderThanMs: 0,
    limit: 10,
    readers: ['a reader'],
    dryRun: false,
  };
  let queries = 0;
  // Whoever has not met the transaction before asks for it after the page; that is when the prune comes.
  const interrupted: Database = {
    ...database,
    lookup: async (text, values) => {
      if ((queries += 1) === 2) assert.is((await statements.prune(range)).transactions, 1);
      return database.lookup(text, values);
    },
  };
  assert.is(await codeOf(sqlStatements(interrupted).readJournal(from, 1_000)), 'journal_pruned');
  assert.is(queries, 3);
});

test('a transaction whose journal is not whole is left for somebody to look at', async () => {
  const statements = sqlStatements(database);
  const transaction = openedTransaction(600_000);
  await statements.open([{ transaction, answerVersion: 1 }]);
  const event = { type: 'TransactionApproved', at: approval.decidedAt, decision: approval } as const;
  await statements.change([{ id: transaction.id, expectedVersion: 1, event }]);
  await database.query('delete from transaction_event where transaction_id = $1::uuid and version = 1', [
    transaction.id,
  ]);
  await statements.saveCursor('a reader', await statements.horizon());
  const after = openedTransaction(599_999).id;
  const step = await statements.prune({ after, olderThanMs: 0, limit: 10, readers: ['a reader'], dryRun: false });
  assert.equal(step, { transactions: 0, journalRows: 0, pending: 0, held: 1, next: undefined });
});
test.run();
