import * as assert from 'uvu/assert';

import { Waiters } from '../../src/actors/waiters.ts';
import { suite } from '../support/suite.ts';

const test = suite('waiters');
const never = new AbortController().signal;

test('all who wait are woken with the value, later ones are not', async () => {
  const waiters = new Waiters<string>(10);
  const [a, b] = [waiters.enter(never), waiters.enter(never)];
  waiters.wake('done');
  assert.equal(await Promise.all([a.outcome, b.outcome]), ['done', 'done']);
  const late = waiters.enter(never);
  assert.is(waiters.size, 1);
  late.leave();
  assert.is(await late.outcome, undefined);
});

test('a wait ends with its signal, also with one that has ended before', async () => {
  const waiters = new Waiters<string>(10);
  const ending = new AbortController();
  const waiter = waiters.enter(ending.signal);
  ending.abort();
  assert.is(await waiter.outcome, undefined);
  assert.is(await waiters.enter(ending.signal).outcome, undefined);
  assert.is(waiters.size, 0);
});

test('refuses past its bound and takes again when somebody left', () => {
  const waiters = new Waiters<string>(2);
  const first = waiters.enter(never);
  waiters.enter(never);
  assert.throws(() => waiters.enter(never), /2 callers wait/);
  first.leave();
  first.leave();
  waiters.enter(never);
  assert.is(waiters.size, 2);
});

test('dismissed, all waits end without a value', async () => {
  const waiters = new Waiters<string>(2);
  const waiter = waiters.enter(never);
  waiters.dismiss();
  assert.is(await waiter.outcome, undefined);
  assert.is(waiters.size, 0);
});

test.run();
