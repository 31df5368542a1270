/** The journal of operator actions on the embedded database, and what takes its place in tests; and the table comes to a schema of before it. */
import * as assert from 'uvu/assert';

import type { Database } from '../../src/platform/database/database.ts';
import { openPglite } from '../../src/platform/database/pglite.ts';
import { migrate, missingMigrations, ormOptions } from '../../src/persistence/migrate.ts';
import { beginPrune, endPrune } from '../../src/persistence/sql/prune-actions.ts';
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

test('a prune is on record when it begins, and with what it did when it ends, once', async () => {
  const id = await beginPrune(database, { host: 'a-host', at: 1_700_000_000_000, olderThanMs: 7_776_000_000 });
  const row = async (): Promise<unknown> => {
    const sql = `select key_id, action, outcome, detail, ended_at is null as open from operator_action where id = $1::bigint`;
    const [found] = await database.query(sql, [id]);
    return found;
  };
  const begun = {
    key_id: 'a-host',
    action: 'prune',
    outcome: 'begun',
    detail: { olderThanMs: 7_776_000_000 },
    open: true,
  };
  assert.equal(await row(), begun);
  const done = { olderThanMs: 7_776_000_000, transactions: 3, journalRows: 7 };
  await endPrune(database, id, { outcome: 'done', totals: { transactions: 3, journalRows: 7 } });
  await endPrune(database, id, { outcome: 'failed', totals: { transactions: 0, journalRows: 0 } });
  assert.equal(await row(), { ...begun, outcome: 'done', detail: done, open: false });
  assert.equal(await sqlOperatorActions(database).about([]), []);
});

test('a schema that was made before the table gets it, and keeps what it holds', async () => {
  const [before] = await database.query<{ id: string }>('select id from journal_identity', []);
  await database.query('drop table operator_action', []);
  const names = ['2026-11-23-operator-action', '2026-11-26-prune-action'];
  await database.query('delete from schema_migration where name = any($1::text[])', [names]);
  assert.equal(await missingMigrations(database), names);
  assert.equal(await migrate(database), names);
  assert.equal(await migrate(database), []);
  assert.equal(await missingMigrations(database), []);
  assert.equal(await database.query('select id from journal_identity', []), [before]);
  assert.equal(await sqlOperatorActions(database).about([]), []);
});

test.run();
