/** An open loop's requests are due when nobody's answers decide it: at the rate that was asked, at random, and the same for every peer. */
import * as assert from 'uvu/assert';

import { schedule } from '../../bench/load/schedule.ts';
import { suite } from '../support/suite.ts';

const test = suite('schedule of an open loop');

const gapsOf = (due: readonly number[]): readonly number[] => due.map((at, index) => at - (due[index - 1] ?? 0));

test('as many are due as the rate says, all within the time, in order', () => {
  for (const rate of [50, 300, 1_000, 4_321]) {
    const due = schedule(rate, 20);
    const spread = 4 * Math.sqrt(rate * 20);
    assert.ok(Math.abs(due.length - rate * 20) < spread, `${due.length} of ${rate * 20}`);
    assert.ok(due.every((at) => at >= 0 && at < 20_000));
    assert.ok(gapsOf(due).every((gap) => gap >= 0));
  }
});

test('every peer meets the same moments, and another rate has others', () => {
  assert.equal(schedule(300, 5), schedule(300, 5));
  assert.not.equal(schedule(300, 5).slice(0, 10), schedule(301, 5).slice(0, 10));
});

test('gaps are those of independent callers: as wide in spread as on average, one in e above the average', () => {
  const gaps = gapsOf(schedule(1_000, 60));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  const above = gaps.filter((gap) => gap > mean).length / gaps.length;
  assert.ok(Math.abs(mean - 1) < 0.03, `mean ${mean}`);
  assert.ok(Math.abs(deviation / mean - 1) < 0.05, `deviation ${deviation}`);
  assert.ok(Math.abs(above - Math.exp(-1)) < 0.02, `above ${above}`);
});

test('a gap says nothing about the next one', () => {
  const gaps = gapsOf(schedule(1_000, 60));
  const centred = gaps.map((gap) => gap - 1);
  const together = centred.slice(1).reduce((sum, gap, index) => sum + gap * (centred[index] ?? 0), 0);
  const alone = centred.reduce((sum, gap) => sum + gap * gap, 0);
  assert.ok(Math.abs(together / alone) < 0.03, `correlation ${together / alone}`);
});

test.run();
