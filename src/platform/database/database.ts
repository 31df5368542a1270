/**
 * PostgreSQL, whole or embedded: statements with numbered parameters on the hot path, MikroORM for the rest, wake-ups, and leases.
 * A call never waits for ever: it rejects with `database_unavailable` (retryable; the statement may or may not have been committed)
 * or with `database_refused` (the values are at fault and nothing of them was kept), or with `database_unusable` (whatever the values: this process may not
 * enter, or finds another schema than its own; an operator has to mend it).
 */
import type { MikroORM } from '@mikro-orm/sql';

export interface Database {
  /** Runs one statement as a unit of work of its own. Values are strings, numbers, booleans, null, or arrays of these; cast every parameter in the SQL. */
  query<Row>(sql: string, values: readonly SqlValue[]): Promise<readonly Row[]>;
  /**
   * As `query`, for statements that find every row by a key or in the order of an index, whatever is in the tables: planned once per connection, by index. One that has to
   * read or join whole tables belongs to `query`.
   */
  lookup<Row>(sql: string, values: readonly SqlValue[]): Promise<readonly Row[]>;
  /** For cold paths only: its unit of work costs several times the statement. Same data, same time-outs. */
  readonly orm: MikroORM;
  /** Calls back on each notification, and once after every reconnect since notifications may have been missed, until the signal aborts. Never rejects. */
  listen(channel: string, wake: () => void, signal: AbortSignal): Promise<void>;
  /**
   * Holds the named lease while `work` runs: waits for it, runs `work` with a signal that aborts when the lease is lost or the outer signal aborts,
   * and starts over when it was lost, until the outer signal aborts. A frozen holder loses it within seconds.
   */
  withLease(name: string, work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Rejects when the database cannot be reached. */
  ping(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export type SqlScalar = string | number | boolean | null;
export type SqlValue = SqlScalar | readonly SqlScalar[];
