/**
 * A process works only on the schema that it knows: a standalone process brings it up to date by itself, the others refuse until `migrate` has run.
 * And only on a journal whose order this database keeps.
 */
import { migrate, missingMigrations } from '../persistence/migrate.ts';
import { isForeignJournal } from '../persistence/sql/foreign-journal.ts';
import type { Database } from '../platform/database/database.ts';
import { Failure } from '../platform/failure.ts';
import type { Tools } from './tools.ts';
import { untilThere } from './until-there.ts';

export async function schemaReady(tools: Tools, database: Database): Promise<void> {
  await schemaThere(tools, database);
  const foreign = await untilThere(tools, 'the database', () => isForeignJournal(database));
  if (foreign !== true) return;
  throw new Failure(
    'configuration_invalid',
    'the journal was written by another database cluster, whose places this one does not know (a dump that was loaded here?): see "Backup and restore" in docs/runbook.md',
  );
}

async function schemaThere(tools: Tools, database: Database): Promise<void> {
  const missing = await untilThere(tools, 'the database', () => missingMigrations(database));
  if (missing === undefined || missing.length === 0) return;
  if (!tools.config.roles.includes('standalone')) {
    throw new Failure(
      'configuration_invalid',
      `the database schema lacks ${missing.join(', ')}: run \`npm start -- --role migrate\` with the same DATABASE_URL first`,
    );
  }
  await untilThere(tools, 'the database', () => migrate(database));
}
