/** The journal of operator actions on the embedded database, and what takes its place in tests; and the table comes to a schema of before it. */
import * as assert from 'uvu/assert';

import type { Database } from '../../src/platform/database/database.ts';
import { openPglite } from '../../src/platform/database/pglite.ts';
import { migrate, missingMigrations, ormOptions } from '../../src/persistence/migrate.ts';
import { sqlOperatorActions } from '../../src/persistence/sql/operator-actions.ts';
import { MemoryOperatorActions } from '../support/memory-operator-actions.ts';
import { suite } from '../support/suite.ts';
import { operatorActionsContract } from './operator-actions.contract.ts';

const test = suite('operator actions');
let database: Database;

test.before(async () => {
  database = await openPglite({ directory: undefined, orm: ormOptions });
  await migrate(database);
});
test.after(() => database[Symbol.asyncDispose]());

operatorActionsContract(test, () => sqlOperatorActions(database));
const memory = new MemoryOperatorActions();
operatorActionsContract(test, () => memory);

test('a schema that was made before the table gets it, and keeps what it holds', async () => {
  const [before] = await database.query<{ id: string }>('select id from journal_identity', []);
  await database.query('drop table operator_action', []);
  await database.query(`delete from schema_migration where name = '2026-11-23-operator-action'`, []);
  assert.equal(await missingMigrations(database), ['2026-11-23-operator-action']);
  assert.equal(await migrate(database), ['2026-11-23-operator-action']);
  assert.equal(await migrate(database), []);
  assert.equal(await missingMigrations(database), []);
  assert.equal(await database.query('select id from journal_identity', []), [before]);
  assert.equal(await sqlOperatorActions(database).about([]), []);
});

test.run();
