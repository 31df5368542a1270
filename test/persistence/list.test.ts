/** A page goes through the ORM, whose errors are told like those of every other statement: an outage may be tried again and is no bug. */
import * as assert from 'uvu/assert';

import { ormOptions } from '../../src/persistence/migrate.ts';
import { sqlStatements } from '../../src/persistence/sql/sql-statements.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openPostgres } from '../../src/platform/database/postgres.ts';
import { parseClientId } from '../../src/transaction/ids.ts';
import { codeOf } from '../support/code-of.ts';
import { suite } from '../support/suite.ts';

const test = suite('list');

test('a database that is away is unavailable', async () => {
  const limitMs = 500;
  await using database = openPostgres({
    // Nobody listens on port 1.
    url: 'postgres://nobody:secret@127.0.0.1:1/nothing',
    applicationName: 'test',
    orm: ormOptions,
    poolMax: 2,
    connectTimeoutMs: limitMs,
    statementTimeoutMs: limitMs,
    lockTimeoutMs: limitMs,
    idleInTransactionTimeoutMs: limitMs,
    clock: systemClock,
  });
  const clientId = parseClientId('local');
  assert.ok(clientId);
  assert.is(await codeOf(sqlStatements(database).list({ clientId, limit: 3 })), 'database_unavailable');
});

test.run();
