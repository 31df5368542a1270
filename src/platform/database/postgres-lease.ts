/**
 * A lease is a session advisory lock on a connection of its own: it ends with the connection. The server cuts that connection when its holder has been silent
 * for some seconds, so that a frozen process cannot keep it, and the holder's own probe tells it when it was cut.
 */
import pg from 'pg';

import type { Clock } from '../clock.ts';
import { endQuietly } from './postgres-listen.ts';
import { toSqlFailure } from './sql-failure.ts';

export type LeaseOptions = {
  readonly connection: pg.ClientConfig;
  readonly name: string;
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
};

const retryMs = 500;
const probeMs = 1_000;
const silenceMs = 5_000;

export async function withLease(options: LeaseOptions): Promise<void> {
  const { clock, signal } = options;
  while (!signal.aborted) {
    const outcome = await holdOnce(options);
    if (outcome.kind === 'failed') throw outcome.error;
    if (outcome.kind === 'finished') return;
    await clock.sleep(retryMs, signal);
  }
}

type Outcome =
  /** The connection, or the lease with it, was lost. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'finished' }
  /** The work itself threw while the lease was held. */
  | { readonly kind: 'failed'; readonly error: unknown };

async function holdOnce(options: LeaseOptions): Promise<Outcome> {
  const client = new pg.Client(options.connection);
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  const ended = AbortSignal.any([options.signal, lost.signal]);
  try {
    await client.connect();
    await client.query(`set idle_session_timeout = ${silenceMs}`);
    if (!(await acquire(client, options, ended))) return { kind: 'lost' };
  } catch {
    await endQuietly(client);
    return { kind: 'lost' };
  }
  const probing = probe({ client, clock: options.clock, lost, ended });
  try {
    await options.work(ended);
    return lost.signal.aborted ? { kind: 'lost' } : { kind: 'finished' };
  } catch (error) {
    return lost.signal.aborted ? { kind: 'lost' } : { kind: 'failed', error };
  } finally {
    lost.abort();
    await probing;
    await endQuietly(client);
  }
}

async function acquire(client: pg.Client, { clock, name }: LeaseOptions, ended: AbortSignal): Promise<boolean> {
  while (!ended.aborted) {
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
      [name],
    );
    if (rows[0]?.held === true) return true;
    await clock.sleep(retryMs, ended);
  }
  return false;
}

type Probing = {
  readonly client: pg.Client;
  readonly clock: Clock;
  readonly lost: AbortController;
  readonly ended: AbortSignal;
};

async function probe({ client, clock, lost, ended }: Probing): Promise<void> {
  while (!ended.aborted) {
    await clock.sleep(probeMs, ended);
    if (ended.aborted) return;
    await client.query('select 1').catch((error: unknown) => lost.abort(toSqlFailure(error)));
  }
}
