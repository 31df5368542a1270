/** Measures what a store and its driver come to by themselves, in a process of its own, with the CPU that an item costs on either side. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { FloorResult } from '../floors/floor.ts';
import type { BenchServices } from '../services.ts';
import { readUsage } from './processes.ts';
import type { Watched } from './processes.ts';

export const storeFloors = ['pg-row-by-row', 'pg-rows-by-batch', 'kafka-produce', 'kafka-consume', 'redis-pipeline'];

export type MeasuredFloor = {
  readonly floor: string;
  readonly perSecond: number;
  /** Microseconds per item, by process: `client` and the store's. */
  readonly cpu: Readonly<Record<string, number>>;
};

const program = fileURLToPath(new URL('../floors/stores.ts', import.meta.url));
const readyWithinMs = 60_000;
const marginMs = 15_000;

export async function measureFloor(
  floor: string,
  seconds: number,
  { env, processes, freshDatabase }: BenchServices,
): Promise<MeasuredFloor> {
  const DATABASE_URL = await freshDatabase(`floor_${floor.replaceAll('-', '_')}_${Date.now()}`);
  const child = fork(program, [floor], { env: { ...process.env, ...env, DATABASE_URL } });
  const exited = once(child, 'exit');
  try {
    await toldBy<string>(readyWithinMs);
    const watched: readonly Watched[] = [{ name: 'client', pid: child.pid ?? 0 }, ...processes];
    const before = readUsage(watched);
    const result = toldBy<FloorResult>(seconds * 1000 + marginMs);
    child.send(seconds);
    const { items, seconds: took } = await result;
    const after = readUsage(watched);
    const micros = [...after.cpuMicros].map(
      ([name, total]) => [name, total - (before.cpuMicros.get(name) ?? 0)] as const,
    );
    return {
      floor,
      perSecond: items / took,
      cpu: Object.fromEntries(micros.map(([name, total]) => [name, total / items])),
    };
  } finally {
    child.kill('SIGKILL');
    await exited;
  }

  async function toldBy<T>(withinMs: number): Promise<T> {
    const early = exited.then(() => {
      throw new Error(`the floor ${floor} ended early`);
    });
    early.catch(() => undefined);
    const told: Promise<T[]> = once(child, 'message', { signal: AbortSignal.timeout(withinMs) });
    const [message] = await Promise.race([told, early]);
    if (message === undefined) throw new Error(`the floor ${floor} said nothing`);
    return message;
  }
}
