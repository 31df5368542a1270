/** A batch is held as long as its member has a place in the group, and no longer. */
import * as assert from 'uvu/assert';
import { systemClock } from '../../../src/platform/clock.ts';
import { hold } from '../../../src/platform/event-log/kafka-hold.ts';
import { PartitionLane } from '../../../src/platform/event-log/partition-lane.ts';
import { suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';
import type { Held, Hold } from '../../../src/platform/event-log/kafka-hold.ts';

const test = suite('holding a batch');

const never = (): Promise<void> => new Promise(() => undefined);

function held(options: Partial<Hold>): Promise<Held> {
  const giveUp = new AbortController().signal;
  const heartbeat = async (): Promise<void> => undefined;
  return hold({ clock: systemClock, sessionTimeoutMs: 60, heartbeat, effect: never, giveUp, ...options });
}

function broken(type: string): () => Promise<void> {
  return async () => {
    throw Object.assign(new Error(type), { type });
  };
}

test('an effect that comes about is handled, one that fails is rejected', async () => {
  assert.equal(await held({ effect: async () => undefined }), { type: 'handled' });
  const error = new Error('no');
  assert.equal(await held({ effect: () => Promise.reject(error) }), { type: 'rejected', error });
});

test('heartbeats go on while the effect is pending, and end with it', async () => {
  const effect = Promise.withResolvers<void>();
  let beats = 0;
  const holding = held({
    effect: () => effect.promise,
    heartbeat: async () => {
      beats += 1;
    },
  });
  await within(1_000, 'five heartbeats', () => beats >= 5);
  effect.resolve();
  await holding;
  const before = beats;
  await held({ sessionTimeoutMs: 30, heartbeat: broken('UNKNOWN_MEMBER_ID') });
  assert.is(beats, before);
});

for (const type of ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS']) {
  test(`stops waiting when the group answers ${type}`, async () => {
    const outcome = await held({ heartbeat: broken(type) });
    assert.is(outcome.type, 'abandoned');
    assert.is(outcome.type === 'abandoned' && outcome.error instanceof Error && outcome.error.message, type);
  });
}

test('a rebalance leaves a moment to a batch that is nearly done', async () => {
  const effect = Promise.withResolvers<void>();
  const outcome = await held({
    sessionTimeoutMs: 1_200,
    effect: () => effect.promise,
    heartbeat: () => {
      effect.resolve();
      return broken('REBALANCE_IN_PROGRESS')();
    },
  });
  assert.is(outcome.type, 'handled');
});

test('a coordinator that cannot be reached is waited for as long as the session lives', async () => {
  const began = performance.now();
  const outcome = await held({ sessionTimeoutMs: 120, heartbeat: broken('') });
  assert.is(outcome.type, 'abandoned');
  assert.ok(performance.now() - began >= 110);
});

test('stops waiting when the member has no time left', async () => {
  const giving = new AbortController();
  const holding = held({ giveUp: giving.signal });
  giving.abort();
  assert.is((await holding).type, 'abandoned');
});

test('an abandoned effect of a partition ends before the next one of that partition begins', async () => {
  const lane = new PartitionLane();
  const first = Promise.withResolvers<void>();
  const began: string[] = [];
  const abandoned = lane.after(1, () => {
    began.push('first');
    return first.promise;
  });
  const next = lane.after(1, async () => {
    began.push('next');
  });
  await lane.after(2, async () => {
    began.push('elsewhere');
  });
  assert.equal(began, ['first', 'elsewhere']);
  first.reject(new Error('late'));
  await next;
  assert.equal(began, ['first', 'elsewhere', 'next']);
  await abandoned.then(
    () => assert.unreachable('the first one failed'),
    () => undefined,
  );
});

test.run();
