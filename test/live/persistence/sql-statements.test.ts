/** The statements on a real server keep their contract, and no reader of the journal loses a row to a slow writer. */
import * as assert from 'uvu/assert';

import type { Database } from '../../../src/platform/database/database.ts';
import { migrate, missingMigrations } from '../../../src/persistence/migrate.ts';
import { journalStart } from '../../../src/persistence/cursor.ts';
import { sqlOperatorActions } from '../../../src/persistence/sql/operator-actions.ts';
import { sqlStatements } from '../../../src/persistence/sql/sql-statements.ts';
import type { Statements } from '../../../src/persistence/statements.ts';
import { operatorActionsContract } from '../../persistence/operator-actions.contract.ts';
import { statementsContract } from '../../persistence/statements.contract.ts';
import { openTestPostgres } from '../../support/postgres.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { openedTransaction } from '../../support/transactions.ts';

const test = suite('statements on PostgreSQL');
let services: LiveServices;
let database: Database;
let statements: Statements;

test.before(async () => {
  services = await liveServices();
  database = openTestPostgres(await services.freshDatabase());
  const ran = await Promise.all([migrate(database), migrate(database), migrate(database)]);
  assert.equal(ran.flat(), ['2026-11-23-first-schema', '2026-11-23-operator-action', '2026-11-26-prune-action']);
  assert.equal(await missingMigrations(database), []);
  statements = sqlStatements(database);
});
test.after(async () => {
  await database[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

statementsContract(test, () => statements);
operatorActionsContract(test, () => sqlOperatorActions(database));

test('twelve writers and one reader: every row is read once, in cursor order', async () => {
  const start = await statements.horizon();
  const writers = Array.from({ length: 12 }, async (_, writer) => {
    for (let batch = 0; batch < 20; batch += 1) {
      const numbers = Array.from({ length: 5 }, (__, index) => 100_000 + writer * 1_000 + batch * 10 + index);
      await statements.open(numbers.map((number) => ({ transaction: openedTransaction(number), answerVersion: 1 })));
    }
  });
  let writing = true;
  const done = Promise.all(writers).finally(() => (writing = false));
  const seen: string[] = [];
  let cursor = start;
  for (let quiet = 0; quiet < 2;) {
    const ended = !writing;
    const page = await statements.readJournal(cursor, 50);
    seen.push(...page.entries.map(({ transaction }) => transaction.opened.id));
    cursor = page.next;
    if (ended && page.entries.length === 0 && !page.more) quiet += 1;
  }
  await done;
  assert.is(seen.length, 12 * 20 * 5);
  assert.is(new Set(seen).size, seen.length);
});

test('a unit of work that is still running holds the cursor back, and its rows come after', async () => {
  const open = database.orm.em.fork();
  await open.begin();
  await open.execute(`insert into journal_cursor (name, xid, position) values ('slow', '1', 1)`);
  const from = await statements.horizon();
  const transaction = openedTransaction(200_001);
  await statements.open([{ transaction, answerVersion: 1 }]);
  const held = await statements.readJournal(from, 10);
  assert.equal(held, { entries: [], next: from, full: false, more: true });
  await open.commit();
  const free = await statements.readJournal(from, 10);
  assert.equal(
    free.entries.map(({ transaction: { opened } }) => opened.id),
    [transaction.id],
  );
  assert.ok((await statements.readJournal(journalStart, 1)).more);
});

test.run();
