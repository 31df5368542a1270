/** What processes have used up, from the kernel's own accounts; a process counts with all that it has started. Linux only. */
import { readFileSync } from 'node:fs';

import { descendants, identify } from '../../tools/services/process-table.ts';

export type Watched = { readonly name: string; readonly pid: number };

export type Usage = {
  /** Microseconds of CPU since its start, by the name of the process; ended children of a server count with it. */
  readonly cpuMicros: ReadonlyMap<string, number>;
  /** Microseconds that all cores were busy, whoever kept them so. */
  readonly machineMicros: number;
  readonly takenAt: number;
};

/** The kernel counts in ticks of USER_HZ, which is 100 on every Linux that Node runs on. */
const microsPerTick = 10_000;

export function readUsage(watched: readonly Watched[]): Usage {
  return {
    cpuMicros: new Map(watched.map(({ name, pid }) => [name, cpuTicks(pid) * microsPerTick])),
    machineMicros: machineTicks() * microsPerTick,
    takenAt: performance.now(),
  };
}

/** Mebibytes: what a process has in memory, and its share of it when each page is divided among those that have it. */
export type Memory = { readonly rssMb: number; readonly pssMb: number };

export function readMemory(watched: readonly Watched[]): Readonly<Record<string, Memory>> {
  return Object.fromEntries(watched.map(({ name, pid }) => [name, memoryOf(pid)]));
}

function cpuTicks(pid: number): number {
  const [utime, stime, cutime, cstime] = statFields(pid);
  return utime + stime + cutime + cstime + sum(familyOf(pid).map((child) => sum(statFields(child).slice(0, 2))));
}

function memoryOf(pid: number): Memory {
  const rollups = [pid, ...familyOf(pid)].map((each) => textOf(`/proc/${each}/smaps_rollup`));
  return {
    rssMb: sum(rollups.map((text) => fieldKb(text, 'Rss'))) / 1024,
    pssMb: sum(rollups.map((text) => fieldKb(text, 'Pss'))) / 1024,
  };
}

function familyOf(pid: number): readonly number[] {
  const id = identify(pid);
  return id === undefined ? [] : descendants(id).map((child) => child.pid);
}

function statFields(pid: number): readonly [number, number, number, number] {
  const stat = textOf(`/proc/${pid}/stat`);
  // After the name in parentheses; utime is the 14th field of the whole line.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = (index: number): number => Number(fields[index] ?? 0);
  return [at(11), at(12), at(13), at(14)];
}

function fieldKb(rollup: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0);
}

function machineTicks(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = textOf('/proc/stat')
    .split('\n', 1)
    .flatMap((line) => line.split(/\s+/).slice(1).map(Number));
  return user + nice + system + irq + softirq;
}

/** Empty for a process that is gone by now. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
