/** What grows, by how much, and how it is told: the first step stands at both ends, ratios are to it, processes of one kind count together, and the load is nobody's cost. */
import * as assert from 'uvu/assert';

import { UsageError, parseArguments } from '../../bench/arguments.ts';
import { axisNames, sizesOf, stepsOf } from '../../bench/growth/axes.ts';
import { workEach } from '../../bench/growth/database-work.ts';
import { followedPaths } from '../../bench/growth/followers.ts';
import { growthLines } from '../../bench/growth/growth-curves.ts';
import { renderGrowth } from '../../bench/growth/growth-tables.ts';
import { compiledRules } from '../../bench/growth/judging.ts';
import type { MeasuredStep } from '../../bench/growth/measured-step.ts';
import { cpuOf, cpuOfAll, rolesOf } from '../../bench/growth/measured-step.ts';
import { kinds } from '../../bench/growth/read-latencies.ts';
import { lackOfRoom } from '../../bench/growth/room.ts';
import { rulesetOf } from '../../bench/growth/rulesets.ts';
import { accountAt } from '../../bench/load/requests.ts';
import { compileRuleset } from '../../src/rules/compile.ts';
import { evaluate } from '../../src/rules/evaluate.ts';
import { suite } from '../support/suite.ts';
import { closed, turnOf } from './turns.ts';

const test = suite('growth');

test('the command line: all axes up to ten millions, short and small when it is to be quick', () => {
  const of = (...args: readonly string[]) => {
    const asked = parseArguments(['--growth', ...args]);
    return asked === 'help' ? asked : [asked.growth, asked.seconds, asked.warmUpSeconds];
  };
  assert.equal(of(), [{ axes: axisNames, rowsMax: 10_000_000, quick: false }, 8, 8]);
  assert.equal(of('--quick'), [{ axes: axisNames, rowsMax: 100_000, quick: true }, 3, 1]);
  assert.equal(of('--only', 'rows,rules', '--rows-max', '2000000', '--seconds', '4'), [
    ...[{ axes: ['rows', 'rules'], rowsMax: 2_000_000, quick: false }, 4, 8],
  ]);
  const usual = parseArguments([]);
  assert.is(usual === 'help' ? 'help' : usual.growth, undefined);
  for (const wrong of [
    ...[
      ['--only', 'rows'],
      ['--rows-max', '1000'],
      ['--growth', '--all'],
      ['--growth', '--only', 'rows,what'],
    ],
    ...['12', '1500', '100000000', '-1000', 'x'].map((rows) => ['--growth', '--rows-max', rows]),
  ]) {
    assert.throws(
      () => parseArguments(wrong),
      (error: unknown) => error instanceof UsageError,
      wrong.join(' '),
    );
  }
});

test('the first step is measured again at the end of each axis', () => {
  for (const axis of axisNames) {
    const steps = stepsOf(axis, { axes: axisNames, rowsMax: 10_000_000, quick: false });
    const [first, last] = [steps[0], steps.at(-1)];
    assert.equal(last, { ...first, again: true }, axis);
    assert.ok(steps.length >= 4, axis);
    assert.is(steps.filter(({ again }) => again).length, 1, axis);
  }
});

test('rows grow to what is asked for and not past it; a quick run leaves the largest of the others out', () => {
  const of = (rowsMax: number) => sizesOf('rows', { axes: axisNames, rowsMax, quick: false });
  assert.equal(of(10_000_000), [1_000, 100_000, 10_000_000]);
  assert.equal(of(100_000), [1_000, 100_000]);
  assert.equal(of(1_000), [1_000]);
  assert.equal(of(30_000), [1_000, 30_000]);
  assert.equal(sizesOf('clients', { axes: axisNames, rowsMax: 1_000, quick: true }), [0, 500]);
});

test('without twice the room nothing is loaded, and the sentence says what to do', () => {
  assert.is(lackOfRoom(10_000_000, 30e9), undefined);
  assert.match(lackOfRoom(10_000_000, 20e9) ?? '', '14.0 GB of disk; twice that has to be free, and 20.0 GB are');
  assert.match(lackOfRoom(10_000_000, 20e9) ?? '', '--rows-max');
});

test('a ruleset of any size is one that Verdict takes, and decides about the load as the limit alone does', () => {
  const facts = (amountMinor: bigint) => ({
    transaction: {
      ...{ amountMinor, unitMinor: 100n, currency: '', transferType: 1n, clientId: 'local' },
      ...{ debitAccountId: accountAt(1), creditAccountId: accountAt(2) },
    },
  });
  for (const count of [1, 10, 99]) {
    const compilation = compileRuleset(rulesetOf(count));
    assert.is(compilation.kind, 'compiled');
    if (compilation.kind === 'refused') continue;
    assert.is(compilation.ruleset.rules.length, count);
    assert.is(evaluate(compilation.ruleset, facts(100_000n)).outcome, 'APPROVED');
    assert.equal(evaluate(compilation.ruleset, facts(100_001n)).reasons, ['AMOUNT_LIMIT_EXCEEDED']);
    assert.equal(evaluate(compilation.ruleset, facts(1n)).faults, []);
  }
  assert.is(compileRuleset(rulesetOf(100)).kind, 'refused');
  assert.is(compiledRules(1_000).length, 1_000);
});

test('of 500 followers one follows all rejections, 50 a transaction, and the others an account of the load each', () => {
  const paths = followedPaths();
  const count = (part: string): number => paths.filter((path) => path.includes(part)).length;
  assert.equal([count('status=REJECTED'), count('transactionId='), count('account=')], [1, 50, 449]);
  assert.is(new Set(paths).size, 500);
  const ofLoad = new Set(Array.from({ length: 10_000 }, (_, number) => accountAt(number)));
  for (const path of paths) {
    const account = new URL(path, 'http://localhost').searchParams.get('account');
    assert.ok(account === null || ofLoad.has(account), path);
  }
});

test('reads ask for ids and pages all over what was loaded', () => {
  const ids = ['019a2475-9b35-77c6-887e-12c6130c313d', '019a2475-a017-79ce-908c-427f467c8526'];
  const all = kinds(ids);
  assert.is(all['by id']?.(3), `/transactions/${ids[1]}`);
  assert.match(all['deep page']?.(0) ?? '', /^\/transactions\?cursor=[\w-]{22}$/);
  assert.is.not(all['deep page']?.(0), all['deep page']?.(1));
});

const work = { walBytes: 2_048, fullPageImages: 0.5, pagesRead: 1 };

function step(
  size: number,
  decidedPerSecond: number,
  cpu: Readonly<Record<string, number>>,
  again = false,
): MeasuredStep {
  const { turn } = turnOf({ peer: 'roles', phase: closed(64), decidedPerSecond, decisionP99: size });
  const memory = Object.fromEntries(Object.keys(cpu).map((name) => [name, { rssMb: 200, pssMb: 100 }]));
  return {
    ...{ axis: 'processes', size, again, seedMs: 0, judging: undefined, database: work },
    reads: [
      { name: 'by id', latencies: { p50: size, p99: 9, p999: 9, max: 9 }, refused: size === 4 ? { 503: 2 } : {} },
    ],
    turn: { ...turn, cpu, memory },
  };
}

const steps = [
  step(1, 2_000, { 'front-door': 200, postgres: 100, load: 40 }),
  step(4, 1_000, { 'front-door': 150, 'front-door-2': 150, postgres: 100, load: 40, 'followers-1': 10 }),
  step(1, 1_900, { 'front-door': 210, postgres: 100, load: 60 }, true),
];

test('processes of one kind count together, and the load is nobody’s cost', () => {
  const [, grown] = steps;
  assert.ok(grown);
  if (grown === undefined) return;
  assert.is(cpuOf('front-door')(grown), 300);
  assert.is(cpuOfAll(grown), 400);
  assert.equal(rolesOf(grown), ['front-door', 'postgres', 'load', 'followers']);
});

test('the table begins with ratios to the first step, and shows drift and refusals', () => {
  const page = renderGrowth('processes', steps);
  const [, ratios = ''] = page.split('\n\n');
  const cells = (row: number): readonly string[] =>
    (ratios.split('\n')[row] ?? '').split('|').map((cell) => cell.trim());
  assert.equal(cells(2).slice(1, 3), ['1', '1.00×']);
  assert.equal(cells(3).slice(1, 3), ['4', '0.50×']);
  assert.is(cells(3)[7], '1.33×', 'CPU per transaction, 400 to 300');
  assert.is(cells(4)[7], '1.03×');
  assert.is(cells(4)[8], '0.69×', 'on a machine that does the same load in 60 instead of 40 it is less');
  assert.equal(cells(4).slice(1, 3), ['1 again', '0.95×']);
  assert.match(page, '2 × 503');
  assert.not.match(page, /NaN|undefined/);
});

test('lines are of the steps that grow, against the first', () => {
  const lines = growthLines(steps);
  assert.equal(
    lines.find(({ name }) => name === 'CPU/tx')?.points.map(({ x, y }) => [x, y.toFixed(2)]),
    [
      ...[
        [0, '1.00'],
        [1, '1.33'],
      ],
    ],
  );
  assert.equal(
    lines.find(({ name }) => name === 'GET by id')?.points.map(({ y }) => y),
    [1, 4],
  );
  assert.equal(growthLines([]), []);
});

test('work of the database is told for each transaction', () => {
  const after = { walBytes: 4_048, fullPageImages: 100.5, pagesRead: 1 };
  assert.equal(workEach(work, after, 100), { walBytes: 20, fullPageImages: 1, pagesRead: 0 });
});

test.run();
