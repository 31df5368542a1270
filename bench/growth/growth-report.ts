/** Says what an axis came to: tables on the terminal and at the end of a file beside the JSON lines, and its lines as an SVG. */
import { appendFile, writeFile } from 'node:fs/promises';

import { renderLines } from '../curve/svg.ts';
import type { Axis } from './axes.ts';
import { units } from './axes.ts';
import { growthLines } from './growth-curves.ts';
import { nameOfStep, renderGrowth } from './growth-tables.ts';
import { judgingMicros } from './judging.ts';
import type { MeasuredStep } from './measured-step.ts';

export type AxisReport = { readonly axis: Axis; readonly steps: readonly MeasuredStep[]; readonly head: string };

/** More rules than a ruleset may hold, judged in the bench alone. */
const rulesBeyond = 1_000;

/** The file is that of the JSON lines. */
export async function reportAxis(file: string, { axis, steps, head }: AxisReport): Promise<void> {
  const beyond =
    axis === 'rules' ? `\n\nJudging alone by ${rulesBeyond} rules: ${judgingMicros(rulesBeyond).toFixed(1)} µs.` : '';
  const page = `${renderGrowth(axis, steps)}${beyond}`;
  console.log(`\n${page}\n`);
  const base = file.replace(/\.jsonl$/, '');
  await appendFile(`${base}.md`, `${head}\n\n${page}\n\n`);
  const names = steps.filter(({ again }) => !again).map(nameOfStep);
  const words = { title: `Against the first step, over ${units[axis]}`, x: units[axis], y: '×', steps: names };
  await writeFile(`${base}-${axis}.svg`, renderLines(growthLines(steps), words));
}
