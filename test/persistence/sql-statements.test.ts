/** The statements on the embedded database keep their contract, and the journal tells everybody the same, whatever a process remembers of it. */
import * as assert from 'uvu/assert';

import { journalStart } from '../../src/persistence/cursor.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { openPglite } from '../../src/platform/database/pglite.ts';
import { migrate, ormOptions } from '../../src/persistence/migrate.ts';
import { sqlStatements } from '../../src/persistence/sql/sql-statements.ts';
import type { Statements } from '../../src/persistence/statements.ts';
import { suite } from '../support/suite.ts';
import { statementsContract } from './statements.contract.ts';

const test = suite('statements on PGlite');
let database: Database;
let statements: Statements;

test.before(async () => {
  database = await openPglite({ directory: undefined, orm: ormOptions });
  await migrate(database);
  statements = sqlStatements(database);
});
test.after(() => database[Symbol.asyncDispose]());

statementsContract(test, () => statements);

test('who has opened the transactions and who meets them first read the same journal', async () => {
  const warm = await statements.readJournal(journalStart, 1_000);
  const cold = await sqlStatements(database).readJournal(journalStart, 1_000);
  assert.ok(warm.entries.some(({ event }) => event.type === 'DecisionSuperseded'));
  assert.ok(warm.entries.some(({ event }) => event.type === 'TransactionApproved'));
  assert.equal(warm, cold);
  const forgetful = sqlStatements(database, 1);
  for (const turn of [1, 2]) assert.equal(await forgetful.readJournal(journalStart, 1_000), warm, `turn ${turn}`);
  const { entries } = warm;
  const half = sqlStatements(database, Math.ceil(entries.length / 4));
  await half.readJournal(entries[Math.floor(entries.length / 2)]?.cursor ?? journalStart, 1_000);
  assert.equal(await half.readJournal(journalStart, 1_000), warm, 'with some of it remembered');
});
test.run();
