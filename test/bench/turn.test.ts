/** Rounds come together as medians, and a peer's peak is the better of its counts of connections. */
import * as assert from 'uvu/assert';

import { latenciesOf } from '../../bench/load/latencies.ts';
import { median, nameOf, peakOf } from '../../bench/measure/turn.ts';
import { suite } from '../support/suite.ts';
import { closed, half, open, turnOf } from './turns.ts';

const test = suite('turns');

const decided = (rates: readonly number[]) =>
  rates.map((decidedPerSecond) => turnOf({ peer: 'roles', phase: closed(64), decidedPerSecond }));

test('the median of three is the one in the middle, of two their mean, of none nothing', () => {
  const pick = ({ decidedPerSecond }: { readonly decidedPerSecond: number }): number => decidedPerSecond;
  assert.is(median(decided([900, 100, 500]), pick), 500);
  assert.is(median(decided([100, 300]), pick), 200);
  assert.ok(Number.isNaN(median([], pick)));
});

test('the peak is the count that decides more by its median, not by its best round', () => {
  const at = (connections: number, rates: readonly number[]) =>
    rates.map((decidedPerSecond) => turnOf({ peer: 'roles', phase: closed(connections), decidedPerSecond }));
  const peak = peakOf([...at(64, [100, 110, 900]), ...at(256, [200, 210, 220])], 'roles');
  assert.equal(
    peak.map(({ turn }) => nameOf(turn.phase)),
    ['256 conn.', '256 conn.', '256 conn.'],
  );
});

test('open loops and other peers have no part in a peak', () => {
  const turns = [
    turnOf({ peer: 'textbook', phase: closed(64), decidedPerSecond: 9_000 }),
    turnOf({ peer: 'roles', phase: open(5_000), decidedPerSecond: 5_000 }),
  ];
  assert.equal(peakOf(turns, 'roles'), []);
});

test('a rate that was found is named so, and is not the same as that rate chosen', () => {
  assert.is(nameOf(half(300)), 'half of peak, 300/s');
  assert.is(nameOf(open(300)), '300/s');
});

test('percentiles are samples that were taken', () => {
  const samples = Array.from({ length: 1_000 }, (_, index) => 1_000 - index);
  assert.equal(latenciesOf(samples), { p50: 501, p99: 991, p999: 1_000, max: 1_000 });
  assert.equal(latenciesOf([7]), { p50: 7, p99: 7, p999: 7, max: 7 });
});

test.run();
