/** The steps of one axis as text: how much everything is of what it was at the first step, the figures themselves, what it costs in which process, and what reading costs. */
import { millis, table, whole } from '../table.ts';
import type { Axis } from './axes.ts';
import { units } from './axes.ts';
import { cpuInLoads, cpuOf, cpuOfAll, memoryOf, rolesOf } from './measured-step.ts';
import type { MeasuredStep, Quantity } from './measured-step.ts';

export const quantities: Readonly<Record<string, Quantity>> = {
  'decided/s': ({ turn }) => turn.decidedPerSecond,
  'POST p50': ({ turn }) => turn.result.post.p50,
  'POST p99': ({ turn }) => turn.result.post.p99,
  'decided p50': ({ turn }) => turn.result.decision.p50,
  'decided p99': ({ turn }) => turn.result.decision.p99,
  'CPU/tx': cpuOfAll,
  'CPU/tx by load': cpuInLoads,
};

export function renderGrowth(axis: Axis, steps: readonly MeasuredStep[]): string {
  const [first] = steps;
  if (first === undefined) return `${axis}: nothing was measured`;
  const unit = units[axis];
  const roles = [...new Set(steps.flatMap(rolesOf))];
  const withReads = steps.some(({ reads }) => reads.length > 0);
  return [
    `### ${unit}`,
    table([[unit, ...Object.keys(quantities), 'accepted/s', 'others'], ...steps.map((step) => ratioRow(step, first))]),
    table([
      [unit, 'accepted/s', 'decided/s', 'POST p50 / p99 ms', 'decided p50 / p99 ms', 'rows = 201s'],
      ...steps.map(figureRow),
    ]),
    table([
      [unit, ...roles, 'all', 'WAL KB', 'page images', 'pages read'],
      ...steps.map((step) => costRow(step, roles)),
    ]),
    table([[unit, ...roles], ...steps.map((step) => memoryRow(step, roles))]),
    ...(withReads ? [table([[unit, ...first.reads.map(({ name }) => name)], ...steps.map(readRow)])] : []),
    ...(first.judging === undefined ? [] : [table([[unit, 'judging alone, µs'], ...steps.map(judgingRow)])]),
  ].join('\n\n');
}

export function nameOfStep({ size, again }: MeasuredStep): string {
  return `${size.toLocaleString('en')}${again ? ' again' : ''}`;
}

/** Of a quantity at a step to that at the first one; a dash where there is none. */
export function ratio(pick: Quantity, step: MeasuredStep, first: MeasuredStep): string {
  const value = pick(step) / pick(first);
  return Number.isFinite(value) ? `${value.toFixed(2)}×` : '–';
}

function ratioRow(step: MeasuredStep, first: MeasuredStep): readonly string[] {
  const { turn } = step;
  const ratios = Object.values(quantities).map((pick) => ratio(pick, step, first));
  return [nameOfStep(step), ...ratios, whole(turn.acceptedPerSecond), `${whole(100 * turn.othersShare)} %`];
}

function figureRow(step: MeasuredStep): readonly string[] {
  const { acceptedPerSecond, decidedPerSecond, result, faults, refused } = step.turn;
  const turnedAway = Object.entries(refused).map(([status, count]) => `${count} × ${status}`);
  return [
    ...[nameOfStep(step), whole(acceptedPerSecond), whole(decidedPerSecond)],
    ...[result.post, result.decision].map(({ p50, p99 }) => `${millis(p50)} / ${millis(p99)}`),
    [faults.length === 0 ? 'yes' : `NO: ${faults.join(', ')}`, ...turnedAway].join(', '),
  ];
}

/** Microseconds of CPU for each transaction, and what PostgreSQL wrote and read for it. */
function costRow(step: MeasuredStep, roles: readonly string[]): readonly string[] {
  const { walBytes, fullPageImages, pagesRead } = step.database;
  return [
    ...[nameOfStep(step), ...roles.map((role) => cpuOf(role)(step).toFixed(1)), cpuOfAll(step).toFixed(0)],
    ...[walBytes / 1024, fullPageImages, pagesRead].map((each) => each.toFixed(2)),
  ];
}

/** Proportional, in mebibytes. */
function memoryRow(step: MeasuredStep, roles: readonly string[]): readonly string[] {
  return [nameOfStep(step), ...roles.map((role) => `${whole(memoryOf(role)(step))} MB`)];
}

function readRow(step: MeasuredStep): readonly string[] {
  const cells = step.reads.map(({ latencies: { p50, p99 }, refused }) => {
    const turnedAway = Object.entries(refused).map(([status, count]) => `, ${count} × ${status}`);
    return `${p50.toFixed(1)} / ${p99.toFixed(1)} ms${turnedAway.join('')}`;
  });
  return [nameOfStep(step), ...cells];
}

function judgingRow(step: MeasuredStep): readonly string[] {
  return [nameOfStep(step), (step.judging ?? NaN).toFixed(1)];
}
