/** A breaker leaves what fails alone, and finds out by one call at a time when it is back. */
import { VirtualTimeScheduler } from 'rxjs';
import * as assert from 'uvu/assert';

import { Breaker } from '../../../src/platform/key-store/breaker.ts';
import { suite } from '../../support/suite.ts';

const test = suite('breaker');
let now = 0;
const clock = {
  now: () => now,
  elapsed: () => now,
  sleep: async () => undefined,
  scheduler: new VirtualTimeScheduler(),
};
const open = (): Breaker =>
  new Breaker({ name: 'it', code: 'key_store_unavailable', failuresMax: 2, pauseMs: 1000, clock });

const fail = async (): Promise<string> => {
  throw new Error('down');
};
const succeed = async (): Promise<string> => 'up';
const outcome = (call: Promise<string>): Promise<string> =>
  call.catch((error: unknown) => (error instanceof Error ? error.message : 'unknown'));

test('single failures are told, and forgotten with the next success', async () => {
  const breaker = open();
  for (const work of [fail, succeed, fail, succeed, fail]) await outcome(breaker.run(work));
  assert.is(breaker.isOpen, false);
});

test('after failures in a row calls are refused at once, without being tried', async () => {
  const breaker = open();
  await outcome(breaker.run(fail));
  await outcome(breaker.run(fail));
  assert.match(await outcome(breaker.run(succeed)), /left alone/);
});

test('after the pause one call at a time is tried', async () => {
  const breaker = open();
  await outcome(breaker.run(fail));
  await outcome(breaker.run(fail));
  now += 1000;
  const probe = Promise.withResolvers<string>();
  const first = outcome(breaker.run(() => probe.promise));
  assert.match(await outcome(breaker.run(succeed)), /left alone/);
  probe.reject(new Error('still down'));
  assert.is(await first, 'still down');
  assert.match(await outcome(breaker.run(succeed)), /left alone/);
  now += 1000;
  assert.is(await outcome(breaker.run(succeed)), 'up');
  assert.is(await outcome(breaker.run(succeed)), 'up');
  assert.is(breaker.isOpen, false);
});

test.run();
