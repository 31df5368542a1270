/** `--growth`: takes Verdict's roles along each axis, one start for each step, and writes down each step and, for each axis, tables and a drawing. */
import { tmpdir } from 'node:os';

import { warmBroker } from '../matrix/warm-broker.ts';
import type { Stand } from '../run-sitting.ts';
import type { GrowthExtent } from './axes.ts';
import { sizesOf, stepsOf } from './axes.ts';
import { reportAxis } from './growth-report.ts';
import { measureStep } from './measure-step.ts';
import type { MeasuredStep } from './measured-step.ts';
import { freeBytesOf, lackOfRoom } from './room.ts';

export type Growth = GrowthExtent & { readonly seconds: number };

/** The broker's compiler is done after half a minute; until then the first steps would pay for it, and growth would look like a gain. */
const warmTurns = 4;

/** Whether every step's rows were its answers; false as well where there is no room for what is to be loaded. */
export async function runGrowth(stand: Stand, { seconds, ...extent }: Growth, head: string): Promise<boolean> {
  const rowsMost = extent.axes.includes('rows') ? Math.max(...sizesOf('rows', extent)) : 0;
  const lack = lackOfRoom(rowsMost, await freeBytesOf(tmpdir()));
  if (lack !== undefined) {
    console.error(lack);
    return false;
  }
  await warmBroker(stand, warmTurns * seconds, ['roles']);
  let sound = true;
  for (const axis of extent.axes) {
    const steps: MeasuredStep[] = [];
    for (const step of stepsOf(axis, extent)) steps.push(await measureStep(stand, step, seconds));
    sound &&= steps.every(({ turn }) => turn.faults.length === 0);
    await reportAxis(stand.file, { axis, steps, head });
  }
  return sound;
}
