/** The curve of latency over rate is made of open loops alone, and its drawing shows every point where it belongs. */
import * as assert from 'uvu/assert';

import { curvesOf } from '../../bench/curve/curves.ts';
import { renderCurves } from '../../bench/curve/svg.ts';
import { suite } from '../support/suite.ts';
import { closed, half, open, turnOf } from './turns.ts';

const test = suite('curves');

const turns = [
  turnOf({ peer: 'roles', phase: open(1_000), round: 1, decisionP50: 30, decisionP99: 90 }),
  turnOf({ peer: 'roles', phase: open(1_000), round: 2, decisionP50: 50, decisionP99: 80 }),
  turnOf({ peer: 'roles', phase: open(1_000), round: 3, decisionP50: 40, decisionP99: 70 }),
  turnOf({ peer: 'roles', phase: open(50), decisionP50: 20, decisionP99: 25 }),
  turnOf({ peer: 'roles', phase: half(600), decisionP50: 25, decisionP99: 45 }),
  turnOf({ peer: 'roles', phase: closed(64), decisionP50: 9_999, decisionP99: 9_999 }),
  turnOf({ peer: 'textbook', phase: open(50), decisionP50: 10, decisionP99: 200 }),
];

test('medians over the rounds, from the slowest rate to the fastest', () => {
  assert.equal(curvesOf(turns).slice(0, 2), [
    {
      peer: 'roles',
      percentile: 'p50',
      points: [
        { rate: 50, ms: 20 },
        { rate: 600, ms: 25 },
        { rate: 1_000, ms: 40 },
      ],
    },
    {
      peer: 'roles',
      percentile: 'p99',
      points: [
        { rate: 50, ms: 25 },
        { rate: 600, ms: 45 },
        { rate: 1_000, ms: 80 },
      ],
    },
  ]);
});

test('where no rate was held there is no curve', () => {
  assert.equal(curvesOf([turnOf({ peer: 'roles', phase: closed(64) })]), []);
});

const dots = (svg: string): readonly { readonly x: number; readonly y: number }[] =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));

test('a dot for each point: further right is faster, higher up is later', () => {
  const drawn = dots(renderCurves(curvesOf(turns), 'x'));
  assert.is(drawn.length, 3 + 3 + 1 + 1);
  const [slow, , fast, slowP99, , fastP99] = drawn;
  assert.ok(slow && fast && slowP99 && fastP99);
  assert.ok((slow?.x ?? NaN) < (fast?.x ?? NaN) && slow?.x === slowP99?.x);
  assert.ok((fastP99?.y ?? NaN) < (fast?.y ?? NaN) && (fast?.y ?? NaN) < (slow?.y ?? NaN));
});

test('everything lies within the picture, and words do not break it', () => {
  const svg = renderCurves(curvesOf(turns), 'POST <p99> & more');
  for (const { x, y } of dots(svg)) assert.ok(x > 0 && x < 760 && y > 0 && y < 420, `${x},${y}`);
  assert.match(svg, 'POST &lt;p99&gt; &amp; more');
  assert.not.match(svg, /NaN|undefined|Infinity/);
  assert.is(svg.match(/<polyline/g)?.length, 4);
  assert.is(svg.match(/<polyline[^>]*stroke-dasharray/g)?.length, 2);
});

test('one point alone, and none, can be drawn', () => {
  const one = [{ peer: 'roles', percentile: 'p50', points: [{ rate: 50, ms: 12 }] }] as const;
  assert.is(dots(renderCurves(one, 'x')).length, 1);
  assert.not.match(renderCurves(one, 'x'), /NaN/);
  assert.not.match(renderCurves([], 'x'), /NaN/);
});

test.run();
