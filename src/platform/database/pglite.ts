/**
 * The Database inside this process: PostgreSQL compiled to WebAssembly (PGlite), in a directory that no other process may open.
 * What was committed survives the death of the process; it does not survive the loss of power, since nothing is synced to the disk.
 */
import { join } from 'node:path';

import { MikroORM } from '@mikro-orm/pglite';
import type { Options } from '@mikro-orm/pglite';

import { Failure } from '../failure.ts';
import { claimDirectory } from './claim-directory.ts';
import type { Database, SqlValue } from './database.ts';
import { PgliteStatements } from './pglite-statements.ts';
import { toSqlFailure } from './sql-failure.ts';

export type PgliteOptions = {
  /** Kept under `<directory>/pglite`; in memory where undefined. */
  readonly directory: string | undefined;
  readonly orm: Pick<Options, 'entities' | 'migrations'>;
};

export async function openPglite({ directory, orm: ormOptions }: PgliteOptions): Promise<Database> {
  const release = directory === undefined ? () => Promise.resolve() : await claimDirectory(directory);
  const orm = new MikroORM({
    ...ormOptions,
    dbName: directory === undefined ? 'memory://' : join(directory, 'pglite'),
    debug: false,
    logger: () => undefined,
  });
  const connection = orm.em.getDriver().getConnection();
  const client = await connection.getNativeClient().catch(async (error: unknown) => {
    await release();
    throw new Failure('database_unavailable', 'the embedded database does not open', { cause: error });
  });

  // A plan made while a table was empty would keep its sequential scan.
  await client.exec('set plan_cache_mode = force_custom_plan');
  const statements = new PgliteStatements(client);
  return {
    orm,
    query: async <Row>(text: string, values: readonly SqlValue[]) => {
      try {
        return await statements.query<Row>(text, values);
      } catch (error) {
        throw toSqlFailure(error);
      }
    },
    listen: async (channel, wake, signal) => {
      const unlisten = await client.listen(channel, wake);
      wake();
      await aborted(signal);
      await unlisten();
    },
    // One process holds the directory, so it holds every lease.
    withLease: async (_name, work, signal) => {
      if (!signal.aborted) await work(signal);
    },
    ping: async () => {
      await client.query('select 1');
    },
    [Symbol.asyncDispose]: async () => {
      await orm.close(true);
      await release();
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
