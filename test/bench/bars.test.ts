/** A bar is kept only where both sides were measured and the ratio is on its side; everything else is missed, and printed so. */
import * as assert from 'uvu/assert';

import { barsOf, isKept, renderBars } from '../../bench/matrix/bars.ts';
import type { Bar } from '../../bench/matrix/bars.ts';
import { suite } from '../support/suite.ts';
import { closed, half, open, turnOf } from './turns.ts';

const test = suite('bars');

const found = (bars: readonly Bar[], shape: string, what: RegExp): Bar => {
  const bar = bars.find((each) => each.shape === shape && what.test(each.what));
  assert.ok(bar, `no bar for ${shape}: ${what}`);
  return bar ?? assert.unreachable();
};

test('where nothing was measured every bar is missed', () => {
  const bars = barsOf([]);
  assert.ok(bars.length > 20);
  assert.equal(bars.filter(isKept), []);
  assert.not.match(renderBars(bars), /kept/);
});

test('speed is held against the better count of each side', () => {
  const turns = [
    turnOf({ peer: 'roles', phase: closed(64), decidedPerSecond: 3_000 }),
    turnOf({ peer: 'roles', phase: closed(256), decidedPerSecond: 4_000 }),
    turnOf({ peer: 'textbook', phase: closed(64), decidedPerSecond: 1_000 }),
    turnOf({ peer: 'textbook', phase: closed(256), decidedPerSecond: 800 }),
    turnOf({ peer: 'bullmq', phase: closed(64), decidedPerSecond: 2_000 }),
  ];
  const bars = barsOf(turns);
  const textbook = found(bars, 'roles', /to textbook/);
  assert.equal([textbook.ratio, textbook.atLeast, isKept(textbook)], [4, 4, true]);
  const bullmq = found(bars, 'roles', /to bullmq/);
  assert.equal([bullmq.ratio, isKept(bullmq)], [2, false]);
  assert.not.ok(isKept(found(bars, 'roles', /to dbos/)), 'nothing was measured of it');
});

test('a POST at the peak is held against the median of the textbook at its own', () => {
  const bars = (postP99: number) =>
    barsOf([
      turnOf({ peer: 'roles', phase: closed(64), postP99 }),
      turnOf({ peer: 'textbook', phase: closed(256), postP50: 100 }),
    ]);
  assert.ok(isKept(found(bars(100), 'roles', /^POST p99/)));
  assert.not.ok(isKept(found(bars(101), 'roles', /^POST p99/)));
});

test('decisions may take twice the median at 50/s, three times at 300/s, and from 1,000/s on less', () => {
  const bars = (rate: number, times: number) =>
    barsOf([
      turnOf({ peer: 'roles', phase: open(rate), decisionP50: 10 * times, decisionP99: 100 * times }),
      turnOf({ peer: 'textbook', phase: open(rate), decisionP50: 10, decisionP99: 100 }),
    ]);
  const kept = (rate: number, times: number): readonly boolean[] =>
    (['p50', 'p99'] as const).map((which) =>
      isKept(found(bars(rate, times), 'roles', new RegExp(`decided ${which} at ${rate}/s`))),
    );
  assert.equal(kept(50, 2), [true, true]);
  assert.equal(kept(50, 2.1), [false, false]);
  assert.equal(kept(300, 3), [true, false]);
  assert.equal(kept(1_000, 0.99), [true, true]);
  assert.equal(kept(1_000, 1), [false, false]);
});

test('half of a peak is not mixed up with the same rate chosen', () => {
  const turns = [
    turnOf({ peer: 'roles', phase: open(300), decisionP99: 10 }),
    turnOf({ peer: 'roles', phase: half(300), decisionP99: 151 }),
  ];
  const bar = found(barsOf(turns), 'roles', /half of its peak/);
  assert.equal([bar.measured, isKept(bar)], ['151.0 ms', false]);
});

test('reads are held against bare Koa and pg, alone and beside writes', () => {
  const reads = (peer: 'roles' | 'koa-pg', writesPerSecond: number, readsPerSecond: number) =>
    turnOf({ peer, phase: { type: 'reads', connections: 64, writesPerSecond, seconds: 3 }, readsPerSecond });
  const bars = barsOf([
    ...[reads('roles', 0, 800), reads('koa-pg', 0, 1_000)],
    ...[reads('roles', 300, 700), reads('koa-pg', 300, 1_000)],
  ]);
  assert.ok(isKept(found(bars, 'roles', /GET by id\/s to/)));
  assert.not.ok(isKept(found(bars, 'roles', /GET by id\/s beside 300/)));
});

test('a bar that was measured beside others says so, by the worst of its turns', () => {
  const beside = (peer: 'roles' | 'bullmq', othersShare: number) => {
    const measured = turnOf({ peer, phase: closed(64) });
    return { ...measured, turn: { ...measured.turn, othersShare } };
  };
  const bars = barsOf([beside('roles', 0.1), beside('bullmq', 0.42)]);
  assert.match(renderBars([found(bars, 'roles', /to bullmq/)]), /\| 42 % +\|$/);
});

test('the table puts the ratio first and says what was missed', () => {
  const lines = renderBars([
    { shape: 'roles', what: 'a', ratio: 4.2, atLeast: 4, measured: '42 to 10', turns: [] },
    { shape: 'roles', what: 'b', ratio: 1, below: 1, measured: '', turns: [] },
    { shape: 'roles', what: 'c', ratio: NaN, atMost: 2, measured: '', turns: [] },
  ]).split('\n');
  assert.match(lines[2] ?? '', /^\| 4\.20× +\| ≥ 4× +\| kept +\|/);
  assert.match(lines[3] ?? '', /^\| 1\.00× +\| < 1× +\| missed +\|/);
  assert.match(lines[4] ?? '', /^\| – +\| ≤ 2× +\| missed +\|/);
});

test.run();
