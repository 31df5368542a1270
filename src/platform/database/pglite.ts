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
import type { PlanSettings } from './plans.ts';
import { plansByIndex, plansByStatistics } from './plans.ts';
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

  const statements = new PgliteStatements(client);
  const query = async <Row>(
    text: string,
    values: readonly SqlValue[],
    plans: PlanSettings,
  ): Promise<readonly Row[]> => {
    try {
      return await statements.query<Row>(text, values, plans);
    } catch (error) {
      throw toSqlFailure(error);
    }
  };
  return {
    orm,
    query: (text, values) => query(text, values, plansByStatistics),
    lookup: (text, values) => query(text, values, plansByIndex),
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
