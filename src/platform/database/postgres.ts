/** The Database on a PostgreSQL server. Opening it connects to nothing: whether the server is there is told by `ping` and by every call. */
import { createHash } from 'node:crypto';

import { MikroORM } from '@mikro-orm/postgresql';
import type { Options } from '@mikro-orm/postgresql';
import pg from 'pg';

import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { arrayText } from './array-text.ts';
import type { Database, SqlValue } from './database.ts';
import { listen } from './postgres-listen.ts';
import { withLease } from './postgres-lease.ts';
import { toSqlFailure } from './sql-failure.ts';

export type PostgresOptions = {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly orm: Pick<Options, 'entities' | 'migrations'>;
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  readonly clock: Clock;
  /** Told of connections that broke while idle; the pool has dropped them already. */
  readonly onConnectionLost?: (error: Error) => void;
};

// A list page and a migration at once; everything hot goes through the other pool.
const ormPoolMax = 2;

export function openPostgres(options: PostgresOptions): Database {
  const pool = new pg.Pool({ ...clientOptions(options), max: options.poolMax, idleTimeoutMillis: 60_000 });
  pool.on('error', (error) => options.onConnectionLost?.(error));
  // While a client is lent out the pool does not listen to it, and a lost connection would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const orm = new MikroORM({
    ...options.orm,
    clientUrl: options.url,
    dbName: databaseName(options.url),
    pool: { min: 0, max: ormPoolMax },
    driverOptions: clientOptions(options),
    debug: false,
    logger: () => undefined,
  });

  return {
    orm,
    query: async <Row>(text: string, values: readonly SqlValue[]) => {
      try {
        const result = await pool.query({ name: nameOf(text), text, values: values.map(toParameter) });
        return result.rows as readonly Row[];
      } catch (error) {
        throw toSqlFailure(error);
      }
    },
    listen: (channel, wake, signal) =>
      listen({ ...options, connection: clientOptions(options), channel, wake, signal }),
    withLease: (name, work, signal) =>
      withLease({ ...options, connection: clientOptions(options), name, work, signal }),
    ping: async () => {
      await pool.query('select 1').catch((error: unknown) => {
        throw toSqlFailure(error);
      });
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([pool.end(), orm.close(true)]);
    },
  };
}

/**
 * Time-outs are the server's, so that a dead client holds no lock and no journal horizon; the driver's own stands behind them for a server that is gone.
 * A plan made while the table was empty kept its sequential scan and cost three times the throughput: `force_custom_plan`.
 */
function clientOptions(options: PostgresOptions): pg.ClientConfig {
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs,
    query_timeout: options.statementTimeoutMs + 1_000,
    options: '-c plan_cache_mode=force_custom_plan -c client_min_messages=warning',
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
  };
}

function toParameter(value: SqlValue): SqlValue {
  return Array.isArray(value) ? arrayText(value) : value;
}

const names = new Map<string, string>();

/** Statement texts are constants of this code base, so each connection parses each of them once. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `v_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  names.set(text, name);
  return name;
}

function databaseName(url: string): string {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  if (name === '') throw new Failure('configuration_invalid', 'the database URL names no database');
  return name;
}
