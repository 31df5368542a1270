/** A Database on a real server with a database of its own. */
import { ormOptions } from '../../src/persistence/migrate.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { openPostgres } from '../../src/platform/database/postgres.ts';

export function openTestPostgres(url: string): Database {
  return openPostgres({
    url,
    applicationName: 'verdict-test',
    orm: ormOptions,
    poolMax: 16,
    connectTimeoutMs: 2_000,
    statementTimeoutMs: 5_000,
    lockTimeoutMs: 2_000,
    idleInTransactionTimeoutMs: 5_000,
    clock: systemClock,
  });
}
