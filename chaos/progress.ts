/** Tells every few seconds, in one line, how it goes. */
import type { Arena } from './arena.ts';
import type { Load } from './load/load.ts';
import { replicas } from './replicas.ts';
import type { Schedule } from './schedule.ts';
import type { Vitals } from './watch/vitals.ts';

export type Watched = {
  readonly arena: Arena;
  readonly load: Load;
  readonly schedule: Schedule;
  readonly vitals: Vitals;
};

const everyMs = 5_000;

export function tellProgress(watched: Watched): Disposable {
  const began = performance.now();
  const timer = setInterval(() => console.log(line(watched, performance.now() - began)), everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function line({ arena, load, schedule, vitals }: Watched, ms: number): string {
  const time = new Date(ms).toISOString().slice(14, 19);
  const { pulse } = vitals;
  const health =
    pulse === undefined ? 'no pulse' : `${pulse.pending} pending for ${(pulse.pendingMs / 1000).toFixed(1)} s`;
  const kinds = new Set(schedule.records.map(({ kind }) => kind)).size;
  const now = schedule.running.length === 0 ? '' : `, now ${schedule.running.join(', ')}`;
  return `${time}  ${load.accepted} accepted, ${load.unanswered} unanswered, ${health}, ${arena.fleet.up.length} of ${replicas.length} up, ${schedule.records.length} faults of ${kinds} kinds${now}`;
}
