/** The database on a real server keeps the contract, and comes back by itself when the server does. */
import * as assert from 'uvu/assert';

import type { Database } from '../../../../src/platform/database/database.ts';
import { Failure } from '../../../../src/platform/failure.ts';
import { databaseContract } from '../../../platform/database/database.contract.ts';
import { openTestPostgres } from '../../../support/postgres.ts';
import { ownServices } from '../../../support/services.ts';
import { suite } from '../../../support/suite.ts';
import { within } from '../../../support/within.ts';

const test = suite('PostgreSQL');
let services: Awaited<ReturnType<typeof ownServices>>;
let url: string;
let database: Database;

test.before(async () => {
  services = await ownServices({ only: ['postgres'] });
  url = await services.freshDatabase();
  database = openTestPostgres(url);
});
test.after(async () => {
  await database[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

databaseContract(test, () => database);

test('the second that wants a lease waits until the first one ends', async () => {
  await using other = openTestPostgres(url);
  const [first, second] = [new AbortController(), new AbortController()];
  const order: string[] = [];
  const hold = (name: string) => (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      order.push(name);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  const one = database.withLease('shared', hold('first'), first.signal);
  await within(3_000, 'the first holds it', () => order.length === 1);
  const two = other.withLease('shared', hold('second'), second.signal);
  await other.ping();
  first.abort();
  await one;
  await within(5_000, 'the second holds it', () => order.length === 2);
  second.abort();
  await two;
  assert.equal(order, ['first', 'second']);
});

test('a holder whose connection is cut is told, and gets the lease again', async () => {
  const ending = new AbortController();
  let times = 0;
  const leasing = database.withLease(
    'cut',
    (signal) =>
      new Promise<void>((resolve) => {
        times += 1;
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
    ending.signal,
  );
  await within(3_000, 'the lease', () => times === 1);
  await database.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    [],
  );
  await within(5_000, 'the lease again', () => times === 2);
  ending.abort();
  await leasing;
});

test('while the server is gone calls fail soon, and work again when it is back; listeners are woken', async () => {
  const ending = new AbortController();
  let woken = 0;
  const listening = database.listen('back', () => (woken += 1), ending.signal);
  await within(3_000, 'the first wake-up', () => woken === 1);
  await services.kill('postgres');
  const failure = await database.query('select 1', []).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.instance(failure, Failure);
  assert.ok(failure instanceof Failure && failure.retryable);
  await services.restart('postgres');
  await within(5_000, 'a query', async () => (await database.query('select 1', [])).length === 1);
  await within(5_000, 'the wake-up after the reconnect', () => woken >= 2);
  ending.abort();
  await listening;
});

test('a frozen server fails calls within their time-out', async () => {
  await database.ping();
  services.stop('postgres');
  try {
    const startedAt = performance.now();
    const outcome = await database.query('select 1', []).then(
      () => 'answered',
      () => 'failed',
    );
    assert.is(outcome, 'failed');
    assert.ok(performance.now() - startedAt < 9_000);
  } finally {
    services.cont('postgres');
  }
  await within(5_000, 'a query', async () => (await database.query('select 1', [])).length === 1);
}, 30_000);

test.run();
