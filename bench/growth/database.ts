/** Connections to a peer's database for the bench itself: to fill it, and to ask what it has done. */
import pg from 'pg';

import type { Ask } from './seed.ts';

export type Asking = AsyncDisposable & { readonly ask: Ask };

/** Nothing that is loaded beforehand has to outlive a crash of the bench, and its indexes are sorted in memory. */
const settings = `set synchronous_commit = off; set maintenance_work_mem = '512MB'`;

export async function openDatabase(connectionString: string): Promise<Asking> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  await client.connect();
  await client.query(settings);
  return {
    // The rows are what the statement says; nobody else gives it one.
    ask: async <Row>(sql: string, values: readonly unknown[] = []) =>
      (await client.query(sql, [...values])).rows as Row[],
    [Symbol.asyncDispose]: () => client.end(),
  };
}
