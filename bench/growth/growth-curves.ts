/** How much each quantity is of what it was at the first step of an axis, as lines over its steps. */
import type { Line } from '../curve/svg.ts';
import { quantities } from './growth-tables.ts';
import type { MeasuredStep, Quantity } from './measured-step.ts';

/** The last step is the first one again, and belongs to no line. */
export function growthLines(steps: readonly MeasuredStep[]): readonly Line[] {
  const [first] = steps;
  if (first === undefined) return [];
  const grown = steps.filter(({ again }) => !again);
  const line = (name: string, pick: Quantity): Line => ({
    ...{ name, group: name.replace(/ p\d+$/, ''), broken: name.endsWith('p99') },
    points: grown.map((step, index) => ({ x: index, y: pick(step) / pick(first) })),
  });
  const reads = first.reads.map(({ name }, at) =>
    line(`GET ${name}`, (step) => step.reads[at]?.latencies.p50 ?? Number.NaN),
  );
  return [...Object.entries(quantities).map(([name, pick]) => line(name, pick)), ...reads];
}
