/** `--all`: warms the broker, goes through the closed loops, then the open ones at rates that depend on them, the reads and the floors. A sitting that breaks off is said, and the others go on. */
import { appendFile } from 'node:fs/promises';

import { measureFloor, storeFloors } from '../measure/measure-floor.ts';
import type { MeasuredFloor } from '../measure/measure-floor.ts';
import { median, peakOf } from '../measure/turn.ts';
import type { MeasuredTurn } from '../measure/turn.ts';
import { runSitting } from '../run-sitting.ts';
import type { SittingOf, Stand } from '../run-sitting.ts';
import { closedLoops, closedPeers, httpFloors, openLoops, reads } from './plan.ts';
import type { Extent } from './plan.ts';
import { warmBroker } from './warm-broker.ts';

export type Matrix = {
  readonly turns: readonly MeasuredTurn[];
  readonly floors: readonly MeasuredFloor[];
  /** Sittings that ended with an error: nobody knows whether their rows add up. */
  readonly brokenOff: readonly string[];
  /** Sittings of later rounds for which there was no time. */
  readonly leftOut: readonly string[];
};

/** Minutes from the beginning after which a part begins no later round, so that three rounds of everything end within 25 however slow the machine is. */
const latestMin = { closed: 16, open: 21, reads: 23 } as const;
const roundsInTime = 3;

export async function runMatrix(stand: Stand, extent: Extent): Promise<Matrix> {
  const turns: MeasuredTurn[] = [];
  const brokenOff: string[] = [];
  const leftOut: string[] = [];
  const startedAt = performance.now();
  const run = async (sittings: readonly SittingOf[], untilMin = Infinity): Promise<void> => {
    const untilMs = startedAt + untilMin * 60_000 * Math.max(1, extent.rounds / roundsInTime);
    for (const sitting of sittings) {
      const name = `round ${sitting.round}  ${sitting.peer}`;
      if (sitting.round > 1 && performance.now() > untilMs) {
        leftOut.push(`${name}  left out: ${untilMin} min were over`);
        continue;
      }
      try {
        turns.push(...(await runSitting(stand, sitting)));
      } catch (error) {
        brokenOff.push(`${name}  broke off: ${String(error)}`);
        console.log(brokenOff.at(-1));
      }
    }
  };
  await warmBroker(stand, extent.seconds);
  await run(closedLoops(extent), latestMin.closed);
  await run(openLoops(extent, peaksOf(turns)), latestMin.open);
  await run(reads(extent), latestMin.reads);
  await run(httpFloors(extent));
  const floors: MeasuredFloor[] = [];
  for (const floor of storeFloors) {
    const measured = await measureFloor(floor, Math.ceil(extent.seconds / 3), await stand.services.get());
    floors.push(measured);
    await appendFile(stand.file, `${JSON.stringify({ at: new Date().toISOString(), ...measured })}\n`);
    console.log(`floor      ${floor.padEnd(19)} ${Math.round(measured.perSecond)}/s`);
  }
  return { turns, floors, brokenOff, leftOut };
}

function peaksOf(turns: readonly MeasuredTurn[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    closedPeers.map((peer) => [peer, median(peakOf(turns, peer), (turn) => turn.decidedPerSecond)]),
  );
}
