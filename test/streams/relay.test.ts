/** Settlements for other systems. */
import * as assert from 'uvu/assert';

import type { NewRecord, Offsets } from '../../src/platform/event-log/event-log.ts';
import { Failure } from '../../src/platform/failure.ts';
import { relay } from '../../src/streams/relay.ts';
import { relayCursor } from '../../src/streams/relay-progress.ts';
import { Waker } from '../../src/streams/waker.ts';
import type { TransactionEvent } from '../../src/transaction/events.ts';
import { MemoryStatements } from '../support/memory-statements.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction, rejection, transactionId } from '../support/transactions.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const test = suite('relay');

test('every terminal transition is published, in journal order, and nothing else', async () => {
  const { clock, statements, published, start } = world();
  for (let number = 1; number <= 20; number += 1) await open(statements, number);
  for (let number = 20; number >= 1; number -= 1) await settle(statements, number);
  const superseded: TransactionEvent = { type: 'DecisionSuperseded', at: 0, decision: rejection };
  await statements.change([{ id: transactionId(7), expectedVersion: 2, event: superseded }]);
  const stop = start();
  await clock.advance(1_000);
  assert.equal(
    published(),
    Array.from({ length: 20 }, (_, index) => 20 - index),
  );
  await stop();
});

test('a relay that starts again goes on where the cursor was stored', async () => {
  const { clock, statements, published, start } = world();
  for (const number of [1, 2]) await open(statements, number).then(() => settle(statements, number));
  const stop = start();
  await clock.advance(1_000);
  await stop();
  await open(statements, 3);
  await settle(statements, 3);
  const again = start();
  await clock.advance(1_000);
  assert.equal(published(), [1, 2, 3]);
  await again();
});

test('an append that failed is made again before the cursor moves', async () => {
  const { clock, statements, published, start, faults } = world();
  faults.push(...Array.from({ length: 10 }, () => new Failure('event_log_unavailable', 'away')));
  await open(statements, 1);
  await settle(statements, 1);
  const stop = start();
  await clock.advance(1_000);
  assert.equal(published(), []);
  assert.is(await statements.loadCursor(relayCursor), undefined);
  await clock.advance(30_000);
  assert.equal(published(), [1]);
  assert.ok(await statements.loadCursor(relayCursor));
  await stop();
});

test('what is settled while it runs is found without a wake', async () => {
  const { clock, statements, published, start } = world();
  const stop = start();
  await clock.advance(100);
  await open(statements, 1);
  await clock.advance(1_000);
  await settle(statements, 1);
  await clock.advance(1_000);
  assert.equal(published(), [1]);
  await stop();
});

test('a log that was emptied is filled again from where it was some time ago, while there is something to publish or not', async () => {
  const { clock, statements, published, start, wipe } = world();
  const stop = start();
  for (const number of [1, 2, 3]) {
    await open(statements, number).then(() => settle(statements, number));
    await clock.advance(refillMs);
  }
  wipe();
  await clock.advance(2_000);
  assert.equal(published(), [3]);
  await open(statements, 4).then(() => settle(statements, 4));
  wipe();
  await clock.advance(2_000);
  assert.equal(published(), [3, 4]);
  await stop();
});

test('a log that was emptied while no relay ran is filled again, also when the relay is stopped at any moment of it', async () => {
  const { clock, statements, published, start, wipe } = world();
  for (let number = 1; number <= 30; number += 1) await open(statements, number).then(() => settle(statements, number));
  const stop = start();
  await clock.advance(2_000);
  await stop();
  wipe();
  for (let turn = 0; turn < 10; turn += 1) {
    const again = start();
    await clock.advance(100 * turn);
    await again();
  }
  const last = start();
  await clock.advance(2_000);
  assert.equal(new Set(published()).size, 30);
  await last();
});

const refillMs = 60_000;

function world() {
  const clock = new VirtualClock();
  const statements = new MemoryStatements({ clock });
  const records: NewRecord[] = [];
  const faults: Failure[] = [];
  const append = async (_: string, batch: readonly NewRecord[]): Promise<void> => {
    const fault = faults.shift();
    if (fault !== undefined) throw fault;
    records.push(...batch);
  };
  const ends = async (): Promise<Offsets> => new Map([[0, BigInt(records.length)]]);
  const wipe = (): void => void records.splice(0);
  const start = () => {
    const stopping = new AbortController();
    const retry = { clock, entropy: { fraction: () => 0.5 }, firstMs: 50, maxMs: 1_000 };
    const ended = relay({
      ...{ statements, clock, retry, log: { append, ends }, topic: 'settlements', waker: new Waker(clock) },
      ...{ pageMax: 7, pollMs: 200, paceMs: 200, refillMs, signal: stopping.signal },
    }).forEach(() => undefined);
    return async (): Promise<void> => {
      stopping.abort();
      await ended;
    };
  };
  const published = () => records.map(({ key }) => Number.parseInt(String(key).slice(-12), 16));
  return { clock, statements, faults, start, published, wipe };
}

async function open(statements: MemoryStatements, number: number): Promise<void> {
  await statements.open([{ transaction: openedTransaction(number), answerVersion: 1 }]);
}

async function settle(statements: MemoryStatements, number: number): Promise<void> {
  const event: TransactionEvent = { type: 'TransactionApproved', at: 0, decision: approval };
  await statements.change([{ id: transactionId(number), expectedVersion: 1, event }]);
}

test.run();
