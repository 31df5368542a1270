/** The Database on a PostgreSQL server. Opening it connects to nothing: whether the server is there is told by `ping` and by every call. */
import { createHash } from 'node:crypto';

import { MikroORM } from '@mikro-orm/postgresql';
import type { Options } from '@mikro-orm/postgresql';
import pg from 'pg';

import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { arrayText } from './array-text.ts';
import type { Database, SqlValue } from './database.ts';
import type { PlanSettings } from './plans.ts';
import { plansByIndex, plansByStatistics } from './plans.ts';
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

// Everything hot goes by index; what does not is a walk, a measure or a migration at a time, and a list page.
const otherPoolMax = 2;
const ormPoolMax = 2;

export function openPostgres(options: PostgresOptions): Database {
  const lookups = openPool(options, plansByIndex, options.poolMax);
  const others = openPool(options, plansByStatistics, otherPoolMax);
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
    query: (text, values) => query(others, text, values),
    lookup: (text, values) => query(lookups, text, values),
    listen: (channel, wake, signal) =>
      listen({ ...options, connection: clientOptions(options), channel, wake, signal }),
    withLease: (name, work, signal) =>
      withLease({ ...options, connection: clientOptions(options), name, work, signal }),
    ping: async () => {
      await lookups.query('select 1').catch((error: unknown) => {
        throw toSqlFailure(error);
      });
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([lookups.end(), others.end(), orm.close(true)]);
    },
  };
}

function openPool(options: PostgresOptions, plans: PlanSettings, max: number): pg.Pool {
  const pool = new pg.Pool({ ...clientOptions(options, plans), max, idleTimeoutMillis: 60_000 });
  pool.on('error', (error) => options.onConnectionLost?.(error));
  // While a client is lent out the pool does not listen to it, and a lost connection would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

async function query<Row>(pool: pg.Pool, text: string, values: readonly SqlValue[]): Promise<readonly Row[]> {
  try {
    const result = await pool.query({ name: nameOf(text), text, values: values.map(toParameter) });
    return result.rows as readonly Row[];
  } catch (error) {
    throw toSqlFailure(error);
  }
}

/** Time-outs are the server's, so that a dead client holds no lock and no journal horizon; the driver's own stands behind them for a server that is gone. */
function clientOptions(options: PostgresOptions, plans: PlanSettings = plansByStatistics): pg.ClientConfig {
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs,
    query_timeout: options.statementTimeoutMs + 1_000,
    options: [...plans, ['client_min_messages', 'warning']].map(([name, value]) => `-c ${name}=${value}`).join(' '),
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
