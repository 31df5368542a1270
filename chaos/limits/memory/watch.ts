/** Samples the memory of the deployed processes while it is held; a process that was started anew begins a new series. */
import { readMemory } from '../../../bench/measure/processes.ts';
import type { Fleet } from '../../fleet.ts';
import type { ReplicaName } from '../../replicas.ts';
import { deployedNames } from '../deployed.ts';
import type { Sample } from './slope.ts';

export type Series = { readonly name: ReplicaName; readonly pid: number; readonly samples: readonly Sample[] };

/** Megabytes; undefined where the process does not say, or is gone. */
export type ReadMemory = (pid: number, url: string) => number | undefined | Promise<number | undefined>;

export class MemoryWatch implements Disposable {
  readonly #fleet: Fleet;
  readonly #series = new Map<number, { readonly name: ReplicaName; readonly samples: Sample[] }>();
  readonly #read: ReadMemory;
  readonly #timer: NodeJS.Timeout;

  /** Without a way to read it, the proportional set size. */
  constructor(fleet: Fleet, everyMs: number, read: ReadMemory = (pid) => memoryOf(pid) || undefined) {
    this.#fleet = fleet;
    this.#read = read;
    this.#timer = setInterval(() => void this.#sample(), everyMs);
  }

  get series(): readonly Series[] {
    return [...this.#series].map(([pid, each]) => ({ pid, ...each }));
  }

  /** The series of the process that has this name now. */
  samplesOf(name: ReplicaName): readonly Sample[] {
    return this.#series.get(this.#fleet.pidOf(name) ?? 0)?.samples ?? [];
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    await Promise.all(deployedNames.map((name) => this.#sampleOf(name)));
  }

  async #sampleOf(name: ReplicaName): Promise<void> {
    const pid = this.#fleet.pidOf(name);
    if (pid === undefined) return;
    const mb = await this.#read(pid, this.#fleet.urlOf(name));
    if (mb === undefined || this.#fleet.pidOf(name) !== pid) return; // it ended, starts or is frozen meanwhile
    const series = this.#series.get(pid) ?? { name, samples: [] };
    series.samples.push({ atMs: performance.now(), mb });
    this.#series.set(pid, series);
  }
}

/** Megabytes; 0 for one that is gone. */
export function memoryOf(pid: number): number {
  return readMemory([{ name: 'it', pid }])['it']?.pssMb ?? 0;
}
