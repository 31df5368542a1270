/** A page of what is PENDING holds all of it, and nothing is looked at that lies before the place that the relay stored. */
import * as assert from 'uvu/assert';

import type { JournalCursor } from '../../src/persistence/cursor.ts';
import { journalStart, pendingCursor } from '../../src/persistence/cursor.ts';
import { migrate, ormOptions } from '../../src/persistence/migrate.ts';
import { oldestPending } from '../../src/persistence/sql/oldest-pending.ts';
import { sqlStatements } from '../../src/persistence/sql/sql-statements.ts';
import type { Statements } from '../../src/persistence/statements.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { openPglite } from '../../src/platform/database/pglite.ts';
import type { ClientId } from '../../src/transaction/ids.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction, transactionId } from '../support/transactions.ts';

const test = suite('how far back anything is pending');
let database: Database;
let statements: Statements;

test.before(async () => {
  database = await openPglite({ directory: undefined, orm: ormOptions });
  await migrate(database);
  statements = sqlStatements(database);
  for (const number of [1, 2, 3, 4]) {
    await statements.open([{ transaction: openedTransaction(number), answerVersion: 1 }]);
  }
  const event = { type: 'TransactionApproved', at: 0, decision: approval } as const;
  for (const number of [1, 3]) await statements.change([{ id: transactionId(number), expectedVersion: 1, event }]);
});
test.after(() => database[Symbol.asyncDispose]());

const pending = async (): Promise<readonly string[]> => {
  const found = await statements.list({ clientId: 'local' as ClientId, limit: 10, status: 'PENDING' });
  return found.map(({ opened }) => opened.id);
};
/** Of the journal's rows: 1 to 4 were opened, then 1 and 3 were settled. */
const placeAfter = async (row: number): Promise<JournalCursor> =>
  (await statements.readJournal(journalStart, row)).next;

test('without a place everything is looked at', async () => {
  assert.is(await oldestPending(database), undefined);
  assert.equal(await pending(), [transactionId(4), transactionId(2)]);
});

test('from the place on, everything that is pending is there', async () => {
  await statements.saveCursor(pendingCursor, await placeAfter(1));
  assert.is(await oldestPending(database), transactionId(2));
  assert.equal(await pending(), [transactionId(4), transactionId(2)]);
});

test('what lies before the place is not looked at', async () => {
  await statements.saveCursor(pendingCursor, await placeAfter(3));
  assert.is(await oldestPending(database), transactionId(4));
  assert.equal(await pending(), [transactionId(4)]);
});

test('where nothing was opened after the place nothing is pending, and other pages are whole', async () => {
  await statements.saveCursor(pendingCursor, await placeAfter(6));
  assert.is(await oldestPending(database), 'none');
  assert.equal(await pending(), []);
  assert.is((await statements.list({ clientId: 'local' as ClientId, limit: 10 })).length, 4);
  const approved = await statements.list({ clientId: 'local' as ClientId, limit: 10, status: 'APPROVED' });
  assert.is(approved.length, 2);
});

test('a place that is far behind is as good as none', async () => {
  await statements.saveCursor(pendingCursor, await placeAfter(1));
  assert.is(await oldestPending(database, 5), undefined, 'five rows lie behind it');
  assert.is(await oldestPending(database, 6), transactionId(2));
});

test.run();
