/** What PostgreSQL has written and read for a database so far, from its own counters, by which a rise of its cost can be explained. */
import type { Ask } from './seed.ts';

export type DatabaseWork = {
  readonly walBytes: number;
  /** Whole pages in the write-ahead log: the first change of each after a checkpoint. */
  readonly fullPageImages: number;
  /** Pages that were not in its own memory. */
  readonly pagesRead: number;
};

/** Backends tell their counts within a second. */
const sql = `select wal_bytes::float8 as "walBytes", wal_fpi::float8 as "fullPageImages",
    (select blks_read::float8 from pg_stat_database where datname = current_database()) as "pagesRead"
  from pg_stat_wal`;

export async function databaseWork(ask: Ask): Promise<DatabaseWork> {
  const [work] = await ask<DatabaseWork>(sql);
  if (work === undefined) throw new Error('PostgreSQL counts nothing');
  return work;
}

export function workEach(before: DatabaseWork, after: DatabaseWork, transactions: number): DatabaseWork {
  const each = (pick: (work: DatabaseWork) => number): number => (pick(after) - pick(before)) / transactions;
  return {
    walBytes: each(({ walBytes }) => walBytes),
    fullPageImages: each(({ fullPageImages }) => fullPageImages),
    pagesRead: each(({ pagesRead }) => pagesRead),
  };
}
