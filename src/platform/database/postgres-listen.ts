/** Hears notifications on a connection of its own, and opens a new one when it breaks; a notification is a hint, so what was missed meanwhile is one wake-up. */
import pg from 'pg';

import type { Clock } from '../clock.ts';

export type ListenOptions = {
  readonly connection: pg.ClientConfig;
  readonly channel: string;
  readonly wake: () => void;
  readonly signal: AbortSignal;
  readonly clock: Clock;
};

const reconnectMs = 500;
// A half-open connection says nothing; asking tells within this and the query time-out.
const probeMs = 5_000;

export async function listen(options: ListenOptions): Promise<void> {
  const { clock, signal } = options;
  while (!signal.aborted) {
    await listenOnce(options).catch(() => undefined);
    await clock.sleep(reconnectMs, signal);
  }
}

async function listenOnce({ connection, channel, wake, signal, clock }: ListenOptions): Promise<void> {
  const client = new pg.Client(connection);
  const broken = new AbortController();
  const ended = AbortSignal.any([signal, broken.signal]);
  client.on('error', () => broken.abort());
  client.on('end', () => broken.abort());
  client.on('notification', wake);
  try {
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    wake();
    while (!ended.aborted) {
      await clock.sleep(probeMs, ended);
      if (!ended.aborted) await client.query('select 1');
    }
  } finally {
    await endQuietly(client);
  }
}

/** A connection that is already gone cannot be ended; nothing is lost by that. */
export async function endQuietly(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined);
}
