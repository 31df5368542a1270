/** A process works only on the schema that it knows: a standalone process brings it up to date by itself, the others wait for `migrate` to have run and say so. */
import { migrate, missingMigrations } from '../persistence/migrate.ts';
import type { Database } from '../platform/database/database.ts';
import { Failure } from '../platform/failure.ts';
import type { Tools } from './tools.ts';
import { untilThere } from './until-there.ts';

export async function schemaReady(tools: Tools, database: Database): Promise<void> {
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
