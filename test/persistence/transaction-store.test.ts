/** One bad row fails the one who brought it and nobody who shared its batch: what the database refuses is found by halving. */
import * as assert from 'uvu/assert';

import { migrate, ormOptions } from '../../src/persistence/migrate.ts';
import { sqlStatements } from '../../src/persistence/sql/sql-statements.ts';
import type { TransactionChange } from '../../src/persistence/statements.ts';
import { TransactionStore } from '../../src/persistence/transaction-store.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { openPglite } from '../../src/platform/database/pglite.ts';
import { codeOf } from '../support/code-of.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction } from '../support/transactions.ts';

const test = suite('transaction store');
let database: Database;
let store: TransactionStore;

test.before(async () => {
  database = await openPglite({ directory: undefined, orm: ormOptions });
  await migrate(database);
  store = new TransactionStore({ statements: sqlStatements(database), batchMax: 100, paceMs: 0, waitingMax: 100 });
});
test.after(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function approved(number: number, ruleset = 'test-1'): TransactionChange {
  const { id } = openedTransaction(number);
  const decision = { ...approval, ruleset };
  return { id, expectedVersion: 1, event: { type: 'TransactionApproved', at: decision.decidedAt, decision } };
}

test('a decision that the database will not take is refused alone', async () => {
  const numbers = [1, 2, 3, 4, 5, 6, 7];
  await Promise.all(numbers.map((number) => store.open(openedTransaction(number), 1)));
  // jsonb holds no NUL.
  const answers = await Promise.all(
    numbers.map((number) => codeOf(store.change(approved(number, number === 4 ? 'a\u0000b' : 'test-1')))),
  );
  assert.equal(answers, [...Array(3).fill('no failure'), 'database_refused', ...Array(3).fill('no failure')]);
  const stored = await Promise.all(numbers.map((number) => store.load(openedTransaction(number).id)));
  assert.equal(
    stored.map((each) => each?.transaction.version),
    [2, 2, 2, 1, 2, 2, 2],
  );
  assert.is(await store.change(approved(1)), false, 'and what has moved on is still told so');
});

test.run();
