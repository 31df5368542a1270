/** Brings the schema up to date, one process at a time: whoever comes second waits, and finds nothing left to do. */
import type { MikroORM } from '@mikro-orm/sql';
import { Migrator } from '@mikro-orm/migrations';

import type { Database } from '../platform/database/database.ts';
import { TransactionEventEntity } from './entities/transaction-event.ts';
import { TransactionEntity } from './entities/transaction.ts';
import { FirstSchema } from './migrations/2026-11-23-first-schema.ts';
import { OperatorActionTable } from './migrations/2026-11-23-operator-action.ts';
import { PruneAction } from './migrations/2026-11-26-prune-action.ts';

const migrations = [
  { name: '2026-11-23-first-schema', class: FirstSchema },
  { name: '2026-11-23-operator-action', class: OperatorActionTable },
  { name: '2026-11-26-prune-action', class: PruneAction },
];
const table = 'schema_migration';

/** Answers with the names of the migrations that were run. */
export async function migrate(database: Database): Promise<readonly string[]> {
  const ended = new AbortController();
  let names: readonly string[] = [];
  await database.withLease(
    'verdict-migrate',
    async () => {
      names = await runMigrations(database.orm);
      ended.abort();
    },
    ended.signal,
  );
  return names;
}

/** Names of the migrations that this build knows and the schema lacks; all of them where there is no schema. */
export async function missingMigrations(database: Database): Promise<readonly string[]> {
  const [found] = await database.query<{ exists: boolean }>(`select to_regclass($1::text) is not null as exists`, [
    table,
  ]);
  const known = migrations.map(({ name }) => name);
  if (found?.exists !== true) return known;
  const rows = await database.query<{ name: string }>(`select name from ${table}`, []);
  const run = new Set(rows.map(({ name }) => name));
  return known.filter((name) => !run.has(name));
}

async function runMigrations(orm: MikroORM): Promise<readonly string[]> {
  const migrator = new Migrator(orm.em);
  const run = await migrator.up();
  return run.map(({ name }) => name);
}

/** What the adapters hand to MikroORM. */
export const ormOptions = {
  entities: [TransactionEntity, TransactionEventEntity],
  migrations: { tableName: table, snapshot: false, migrationsList: migrations },
};
