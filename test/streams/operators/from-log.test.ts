/** Deliveries of one member of a group. */
import * as assert from 'uvu/assert';

import { EmbeddedEventLog } from '../../../src/platform/event-log/embedded.ts';
import { fromLog } from '../../../src/streams/operators/from-log.ts';
import type { Delivery } from '../../../src/streams/operators/from-log.ts';
import { suite } from '../../support/suite.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const test = suite('fromLog');

test('nothing is consumed before somebody subscribes', async () => {
  const { clock, log, source$ } = await world();
  await clock.advance(1_000);
  const deliveries: Delivery[] = [];
  const subscription = source$(new AbortController().signal).subscribe((delivery) => deliveries.push(delivery));
  await clock.advance(0);
  assert.is(deliveries.length, 1);
  assert.equal(await log.committed('group', 'topic'), new Map([[0, -1n]]));
  subscription.unsubscribe();
});

test('what is done is committed, what has failed comes again', async () => {
  const { clock, log, source$ } = await world();
  const deliveries: Delivery[] = [];
  const subscription = source$(new AbortController().signal).subscribe((delivery) => deliveries.push(delivery));
  await clock.advance(0);
  deliveries[0]?.failed(new Error('not yet'));
  await clock.advance(1_000);
  assert.is(deliveries.length, 2);
  assert.is(deliveries[1]?.records[0]?.offset, 0n);
  deliveries[1]?.done();
  await clock.advance(0);
  assert.equal(await log.committed('group', 'topic'), new Map([[0, 2n]]));
  subscription.unsubscribe();
});

test('the signal lets what is in hand be finished, then it completes', async () => {
  const { clock, log, source$ } = await world();
  const stopping = new AbortController();
  const deliveries: Delivery[] = [];
  let completed = false;
  source$(stopping.signal).subscribe({
    next: (delivery) => deliveries.push(delivery),
    complete: () => (completed = true),
  });
  await clock.advance(0);
  stopping.abort();
  await clock.advance(100);
  assert.not(completed);
  deliveries[0]?.done();
  await clock.advance(0);
  assert.ok(completed);
  assert.equal(await log.committed('group', 'topic'), new Map([[0, 2n]]));
});

test('unsubscribing fails what is in hand, and nothing of it is committed', async () => {
  const { clock, log, source$ } = await world();
  const deliveries: Delivery[] = [];
  source$(new AbortController().signal)
    .subscribe((delivery) => deliveries.push(delivery))
    .unsubscribe();
  const subscription = source$(new AbortController().signal).subscribe((delivery) => deliveries.push(delivery));
  await clock.advance(0);
  subscription.unsubscribe();
  await clock.advance(1_000);
  deliveries[0]?.done();
  await clock.advance(0);
  assert.equal(await log.committed('group', 'topic'), new Map([[0, -1n]]));
});

async function world() {
  const clock = new VirtualClock();
  const log = new EmbeddedEventLog({ clock });
  await log.ensureTopics([{ name: 'topic', partitions: 1, replication: 1, retentionMs: -1 }]);
  await log.append(
    'topic',
    ['a', 'b'].map((key) => ({ key, value: key, headers: {} })),
  );
  return { clock, log, source$: (signal: AbortSignal) => fromLog(log, { topic: 'topic', group: 'group', signal }) };
}

test.run();
