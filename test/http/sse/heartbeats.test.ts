/** One timer beats for all: each is beaten a period after it came, a slot of the wheel early at the most, and nothing sleeps while there is nobody. */
import * as assert from 'uvu/assert';

import { Heartbeats } from '../../../src/http/sse/heartbeats.ts';
import { suite } from '../../support/suite.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const test = suite('heartbeats');
const periodMs = 1_000;
const slotMs = periodMs / 64;

test('each is beaten once in every period, counted from when it came', async () => {
  const { clock, add, beatsOf } = world();
  add('a');
  await clock.advance(400);
  add('b');
  await clock.advance(580);
  assert.equal([beatsOf('a'), beatsOf('b')], [[], []]);
  await clock.advance(8_910);
  for (const [name, from] of [
    ['a', 0],
    ['b', 400],
  ] as const)
    beatsOf(name).forEach((at, index) => {
      const due = from + (index + 1) * periodMs;
      assert.ok(at > due - slotMs && at <= due, `${name} was due at ${due} and beaten at ${at}`);
    });
  assert.equal([beatsOf('a').length, beatsOf('b').length], [9, 9]);
});

test('whoever left is not beaten, and the last one to leave ends the timer until somebody comes', async () => {
  const { clock, heartbeats, add, beatsOf, sleeps } = world();
  const [leaving, staying] = [add('leaves'), add('stays')];
  await clock.advance(1_100);
  heartbeats.delete(leaving);
  await clock.advance(2_000);
  assert.equal([beatsOf('leaves').length, beatsOf('stays').length], [1, 3]);
  heartbeats.delete(staying);
  await clock.advance(periodMs);
  const slept = sleeps();
  await clock.advance(60_000);
  assert.is(sleeps(), slept);
  add('comes');
  await clock.advance(1_100);
  assert.is(beatsOf('comes').length, 1);
});

test('one that leaves while it is beaten keeps no other from its beat', async () => {
  const { clock, heartbeats, add, beatsOf } = world();
  const first = { beat: (): void => heartbeats.delete(first) };
  heartbeats.add(first);
  add('second');
  await clock.advance(5_500);
  assert.is(beatsOf('second').length, 5);
});

test('nobody is beaten once the server closes', async () => {
  const { clock, closing, add, beatsOf, sleeps } = world();
  add('a');
  await clock.advance(1_100);
  closing.abort();
  const slept = sleeps();
  await clock.advance(10_000);
  assert.equal([beatsOf('a').length, sleeps()], [1, slept]);
});

function world() {
  const clock = new VirtualClock();
  const closing = new AbortController();
  const beats = new Map<string, number[]>();
  let slept = 0;
  const counting = {
    ...{ now: () => clock.now(), elapsed: () => clock.elapsed(), scheduler: clock.scheduler },
    sleep: (ms: number, signal?: AbortSignal): Promise<void> => {
      slept += 1;
      return clock.sleep(ms, signal);
    },
  };
  const heartbeats = new Heartbeats({ clock: counting, periodMs, closing: closing.signal });
  const beatsOf = (name: string): readonly number[] => beats.get(name) ?? [];
  const add = (name: string): { readonly beat: () => void } => {
    const one = { beat: (): void => void beats.set(name, [...beatsOf(name), clock.elapsed()]) };
    heartbeats.add(one);
    return one;
  };
  return { clock, closing, heartbeats, add, beatsOf, sleeps: () => slept };
}

test.run();
