/** What an operator sees of the journal's readers: how much is waiting for the relay, and that somebody holds the horizon back. */
import * as assert from 'uvu/assert';

import { migrate } from '../../../src/persistence/migrate.ts';
import { countBacklog, readHorizonAge } from '../../../src/persistence/sql/measures.ts';
import { sqlStatements } from '../../../src/persistence/sql/sql-statements.ts';
import type { Statements } from '../../../src/persistence/statements.ts';
import type { Database } from '../../../src/platform/database/database.ts';
import { openTestPostgres } from '../../support/postgres.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { approval, openedTransaction } from '../../support/transactions.ts';
import { within } from '../../support/within.ts';

const test = suite('measures of the journal');
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

test('the backlog is what became terminal after the cursor, counted up to a bound', async () => {
  const transactions = [1, 2, 3, 4, 5].map((number) => openedTransaction(number));
  await statements.open(transactions.map((transaction) => ({ transaction, answerVersion: 1 })));
  assert.is(await countBacklog(database, 'relay', 100), 0);
  const event = { type: 'TransactionApproved', at: approval.decidedAt, decision: approval } as const;
  await statements.change(transactions.slice(0, 4).map(({ id }) => ({ id, expectedVersion: 1, event })));
  assert.is(await countBacklog(database, 'relay', 100), 4);
  assert.is(await countBacklog(database, 'relay', 3), 3);
  await statements.saveCursor('relay', await statements.horizon());
  assert.is(await countBacklog(database, 'relay', 100), 0);
});

test('a unit of work that writes and does not end ages the horizon, and lets it go when it ends', async () => {
  const forgotten = database.orm.em.fork();
  await forgotten.begin();
  await forgotten.execute(`insert into journal_cursor (name, xid, position) values ('forgotten', '1', 1)`);
  await within(5_000, 'it has aged', async () => (await readHorizonAge(database)) > 0.2);
  await forgotten.commit();
  await within(5_000, 'nothing holds it back', async () => (await readHorizonAge(database)) < 0.2);
});

test.run();
