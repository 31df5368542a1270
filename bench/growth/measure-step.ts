/** Measures one step of an axis: a start, a warm-up, a closed loop, its rows held against its answers, and what else the axis asks for; writes it down as a line of JSON. */
import { appendFile } from 'node:fs/promises';

import { measurePeer } from '../measure/measure-peer.ts';
import type { Turn } from '../measure/turn.ts';
import type { Stand } from '../run-sitting.ts';
import type { Step } from './axes.ts';
import { databaseWork, workEach } from './database-work.ts';
import { openDatabase } from './database.ts';
import { nameOfStep } from './growth-tables.ts';
import { judgingMicros } from './judging.ts';
import type { MeasuredStep } from './measured-step.ts';
import { readLatencies } from './read-latencies.ts';
import { startStep } from './start-step.ts';

const connections = 64;

export async function measureStep(stand: Stand, step: Step, seconds: number): Promise<MeasuredStep> {
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
