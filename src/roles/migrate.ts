/** The migrate role: brings the database schema up to date, and ends. */
import { migrate as migrateSchema } from '../persistence/migrate.ts';
import { openDatabase } from './adapters.ts';
import type { Tools } from './tools.ts';
import { untilThere } from './until-there.ts';

export async function migrate(tools: Tools): Promise<void> {
  const { database } = await openDatabase(tools);
  await using _closing = database;
  // The lease is waited for without a word and without the signal: so first somebody must be there to ask for it.
  await untilThere(tools, 'the database', () => database.ping());
  if (tools.signal.aborted) return;
  const names = await untilThere(tools, 'the database', () => migrateSchema(database));
  if (names === undefined) return;
  tools.log.info({ migrations: names }, names.length === 0 ? 'the schema was up to date' : 'the schema is up to date');
}
