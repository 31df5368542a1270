/** `--growth`: takes Verdict's roles along each axis, one start for each step, and writes down each step and, for each axis, tables and a drawing. */
import { appendFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';

import { renderLines } from '../curve/svg.ts';
import { measurePeer } from '../measure/measure-peer.ts';
import type { Turn } from '../measure/turn.ts';
import { warmBroker } from '../matrix/warm-broker.ts';
import type { Stand } from '../run-sitting.ts';
import type { Axis, GrowthExtent, Step } from './axes.ts';
import { sizesOf, stepsOf, units } from './axes.ts';
import { databaseWork, workEach } from './database-work.ts';
import { openDatabase } from './database.ts';
import { growthLines } from './growth-curves.ts';
import { nameOfStep, renderGrowth } from './growth-tables.ts';
import { judgingMicros } from './judging.ts';
import type { MeasuredStep } from './measured-step.ts';
import { readLatencies } from './read-latencies.ts';
import { freeBytesOf, lackOfRoom } from './room.ts';
import { startStep } from './start-step.ts';

export type Growth = GrowthExtent & { readonly seconds: number };

const connections = 64;
/** More rules than a ruleset may hold, judged in the bench alone. */
const rulesBeyond = 1_000;

/** Whether every step's rows were its answers; false as well where there is no room for what is to be loaded. */
export async function runGrowth(stand: Stand, { seconds, ...extent }: Growth, head: string): Promise<boolean> {
  const rowsMost = extent.axes.includes('rows') ? Math.max(...sizesOf('rows', extent)) : 0;
  const lack = lackOfRoom(rowsMost, await freeBytesOf(tmpdir()));
  if (lack !== undefined) {
    console.error(lack);
    return false;
  }
  await warmBroker(stand, seconds, ['roles']);
  const pages: string[] = [head];
  let sound = true;
  for (const axis of extent.axes) {
    const steps: MeasuredStep[] = [];
    for (const step of stepsOf(axis, extent)) steps.push(await measureStep(stand, step, seconds));
    sound &&= steps.every(({ turn }) => turn.faults.length === 0);
    pages.push(await report(stand, axis, steps));
    await writeFile(`${baseOf(stand)}.md`, `${pages.join('\n\n')}\n`);
  }
  return sound;
}

async function measureStep(stand: Stand, step: Step, seconds: number): Promise<MeasuredStep> {
  await using running = await startStep(stand, step);
  const { peer, databaseUrl, oldIds, seedMs } = running;
  await using database = await openDatabase(databaseUrl);
  const before = await databaseWork(database.ask);
  const phase = { type: 'closed', connections, seconds } as const;
  const turns: Turn[] = [];
  await measurePeer(
    peer,
    { phases: [phase], warmUpSeconds: stand.warmUpSeconds },
    async (turn) => void turns.push(turn),
  );
  const [turn] = turns;
  if (turn === undefined) throw new Error('a step without a turn');
  const rows = await peer.countRows?.();
  const measured: MeasuredStep = {
    ...step,
    ...{ turn, seedMs },
    database: workEach(before, await databaseWork(database.ask), rows?.decided ?? Number.NaN),
    reads: oldIds.length === 0 ? [] : await readLatencies(peer.target.url, oldIds),
    judging: step.axis === 'rules' ? judgingMicros(step.size) : undefined,
  };
  await appendFile(stand.file, `${JSON.stringify({ at: new Date().toISOString(), ...measured })}\n`);
  console.log(
    `${step.axis} ${nameOfStep(measured)}: ${Math.round(turn.decidedPerSecond)} decided/s ${turn.faults.join(', ')}`,
  );
  return measured;
}

async function report(stand: Stand, axis: Axis, steps: readonly MeasuredStep[]): Promise<string> {
  const beyond =
    axis === 'rules' ? `\n\nJudging alone by ${rulesBeyond} rules: ${judgingMicros(rulesBeyond).toFixed(1)} µs.` : '';
  const page = `${renderGrowth(axis, steps)}${beyond}`;
  console.log(`\n${page}\n`);
  const names = steps.filter(({ again }) => !again).map(nameOfStep);
  const words = { title: `Against the first step, over ${units[axis]}`, x: units[axis], y: '×', steps: names };
  await writeFile(`${baseOf(stand)}-${axis}.svg`, renderLines(growthLines(steps), words));
  return page;
}

function baseOf({ file }: Stand): string {
  return file.replace(/\.jsonl$/, '');
}
