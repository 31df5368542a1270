/** The statements on the embedded database keep their contract. */
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
test.run();
