/** Says what a run came to: tables and bars on the terminal and in a file beside its JSON lines, and the curves as an SVG where a rate was held. */
import { writeFile } from 'node:fs/promises';

import { curveWords, curvesOf } from './curve/curves.ts';
import { renderLines } from './curve/svg.ts';
import { barsOf, renderBars } from './matrix/bars.ts';
import type { Matrix } from './matrix/run-matrix.ts';
import type { MeasuredFloor } from './measure/measure-floor.ts';
import { renderTables, table, whole } from './table.ts';

export type Report = {
  /** Of the JSON lines. */
  readonly file: string;
  readonly head: string;
  readonly matrix: Matrix;
  readonly withBars: boolean;
};

export async function writeReport({ file, head, matrix, withBars }: Report): Promise<void> {
  const { turns, floors, brokenOff, leftOut } = matrix;
  const base = file.replace(/\.jsonl$/, '');
  const pages = [
    renderTables(turns),
    ...(floors.length === 0 ? [] : [floorTable(floors)]),
    ...(withBars ? [renderBars(barsOf(turns))] : []),
    ...[...brokenOff, ...leftOut],
  ].join('\n\n');
  console.log(`\n${pages}\n\n${file}`);
  await writeFile(`${base}.md`, `${head}\n\n${pages}\n`);
  const curves = curvesOf(turns);
  if (curves.length > 0) await writeFile(`${base}.svg`, renderLines(curves, curveWords));
}

function floorTable(floors: readonly MeasuredFloor[]): string {
  const rows = floors.map(({ floor, perSecond, cpu }) => [
    ...[floor, whole(perSecond)],
    Object.entries(cpu)
      .filter(([, micros]) => micros >= 0.1)
      .map(([name, micros]) => `${name} ${micros.toFixed(1)}`)
      .join(', '),
  ]);
  return table([['floor', 'items/s', 'CPU µs/item'], ...rows]);
}
