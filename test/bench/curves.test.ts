/** The curve of latency over rate is made of open loops alone, and its drawing shows every point where it belongs. */
import * as assert from 'uvu/assert';

import { curveWords, curvesOf } from '../../bench/curve/curves.ts';
import { renderLines } from '../../bench/curve/svg.ts';
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
      ...{ name: 'roles p50', group: 'roles', broken: false },
      points: [
        { x: 50, y: 20 },
        { x: 600, y: 25 },
        { x: 1_000, y: 40 },
      ],
    },
    {
      ...{ name: 'roles p99', group: 'roles', broken: true },
      points: [
        { x: 50, y: 25 },
        { x: 600, y: 45 },
        { x: 1_000, y: 80 },
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
  const drawn = dots(renderLines(curvesOf(turns), curveWords));
  assert.is(drawn.length, 3 + 3 + 1 + 1);
  const [slow, , fast, slowP99, , fastP99] = drawn;
  assert.ok(slow && fast && slowP99 && fastP99);
  assert.ok((slow?.x ?? NaN) < (fast?.x ?? NaN) && slow?.x === slowP99?.x);
  assert.ok((fastP99?.y ?? NaN) < (fast?.y ?? NaN) && (fast?.y ?? NaN) < (slow?.y ?? NaN));
});

test('everything lies within the picture, and words do not break it', () => {
  const svg = renderLines(curvesOf(turns), { ...curveWords, title: 'POST <p99> & more' });
  for (const { x, y } of dots(svg)) assert.ok(x > 0 && x < 760 && y > 0 && y < 420, `${x},${y}`);
  assert.match(svg, 'POST &lt;p99&gt; &amp; more');
  assert.not.match(svg, /NaN|undefined|Infinity/);
  assert.is(svg.match(/<polyline/g)?.length, 4);
  assert.is(svg.match(/<polyline[^>]*stroke-dasharray/g)?.length, 2);
});

test('one point alone, and none, can be drawn', () => {
  const one = [{ name: 'roles p50', group: 'roles', broken: false, points: [{ x: 50, y: 12 }] }];
  assert.is(dots(renderLines(one, curveWords)).length, 1);
  assert.not.match(renderLines(one, curveWords), /NaN/);
  assert.not.match(renderLines([], curveWords), /NaN/);
});

test('steps stand in their order and as far apart as there is room, whatever their size', () => {
  const line = { name: 'CPU', group: 'CPU', broken: false, points: [1, 1.1, 4].map((y, x) => ({ x, y })) };
  const svg = renderLines([line], { title: 'x', x: 'rows', y: '×', steps: ['0', '500', '5,000'] });
  const [first, second, third] = dots(svg);
  assert.ok(first && second && third);
  assert.ok(Math.abs((second?.x ?? 0) - (first?.x ?? 0) - ((third?.x ?? 0) - (second?.x ?? 0))) < 0.2);
  assert.ok((first?.x ?? 0) > 64 && (third?.x ?? 0) < 760 - 180);
  for (const name of ['0', '500', '5,000']) assert.match(svg, `>${name}</text>`);
});

test.run();
