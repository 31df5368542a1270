/** A follower that missed a frame, saw one twice or saw one that it did not ask for is named. */
import * as assert from 'uvu/assert';

import { idOf } from '../../../chaos/checker/cursor-id.ts';
import { faultsOf } from '../../../chaos/limits/followers/faults.ts';
import type { Entry } from '../../../chaos/limits/followers/faults.ts';
import type { Transcript } from '../../../chaos/limits/followers/protocol.ts';
import { suite } from '../../support/suite.ts';

const test = suite('limits: followers');

const journal: readonly Entry[] = Array.from({ length: 40 }, (_, index) => ({
  xid: 700 + Math.floor(index / 3),
  position: index + 1,
  type: ['TransactionOpened', 'TransactionApproved', 'TransactionOpened', 'TransactionRejected'][index % 4] ?? '',
}));
const ids = journal.map((place) => idOf('j', place));

function transcript(changes: Partial<Transcript> = {}): Transcript {
  const whole = { path: '/events', firstId: ids[3] ?? '', lastId: ids[30] ?? '', ids: ids.slice(4, 31) };
  return { ...whole, refusals: [], localPort: 0, ...changes };
}

test('who saw everything between its first and its last id, saw what it should', () => {
  assert.equal(faultsOf([transcript()], journal), []);
  const rejected = ids.slice(4, 31).filter((_, index) => index % 4 === 3);
  assert.equal(faultsOf([transcript({ path: '/events?status=REJECTED', ids: rejected })], journal), []);
});

test('a frame missed, repeated, out of order or not asked for is a fault', () => {
  const [first = '', second = '', ...rest] = ids.slice(4, 31);
  for (const seen of [
    [first, ...rest],
    [first, first, second, ...rest],
    [second, first, ...rest],
    [first, second, ...rest.slice(0, -1)],
    [...ids.slice(3, 31)],
  ])
    assert.is(faultsOf([transcript({ ids: seen })], journal).length, 1);
  assert.is(faultsOf([transcript({ path: '/events?status=REJECTED' })], journal).length, 1);
});

test('a refusal that ends a stream for good is a fault, an outage on the way is none', () => {
  assert.is(faultsOf([transcript({ refusals: ['400'] })], journal).length, 1);
  assert.equal(faultsOf([transcript({ refusals: ['503', '429', 'Error: connect ECONNREFUSED'] })], journal), []);
  assert.is(faultsOf([transcript({ firstId: '' })], journal).length, 1);
});

test.run();
