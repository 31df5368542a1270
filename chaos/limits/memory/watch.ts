/**
 * Samples the memory of the deployed processes (proportional set size) while it is held; a process that was started anew begins a new series. The young generation can be left
 * out: its size is bounded by a flag and follows the load, up and down by more than a hundred megabytes within minutes, in which a slow leak cannot be seen.
 */
import { readMetricSum } from '../read-metric.ts';
import { readMemory } from '../../../bench/measure/processes.ts';
import type { Fleet } from '../../fleet.ts';
import type { ReplicaName } from '../../replicas.ts';
import { deployedNames } from '../deployed.ts';
import type { Sample } from './slope.ts';

export type Series = { readonly name: ReplicaName; readonly pid: number; readonly samples: readonly Sample[] };

export class MemoryWatch implements Disposable {
  readonly #fleet: Fleet;
  readonly #series = new Map<number, { readonly name: ReplicaName; readonly samples: Sample[] }>();
  readonly #young: 'with' | 'without';
  readonly #timer: NodeJS.Timeout;

  constructor(fleet: Fleet, everyMs: number, young: 'with' | 'without' = 'with') {
    this.#fleet = fleet;
    this.#young = young;
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
    const youngMb = this.#young === 'with' ? 0 : await youngOf(this.#fleet.urlOf(name));
    const mb = memoryOf(pid);
    if (mb === 0 || youngMb === undefined || this.#fleet.pidOf(name) !== pid) return; // it ended, starts or is frozen meanwhile
    const series = this.#series.get(pid) ?? { name, samples: [] };
    series.samples.push({ atMs: performance.now(), mb: mb - youngMb });
    this.#series.set(pid, series);
  }
}

/** What the process has of it, in megabytes; undefined where it does not answer. */
async function youngOf(url: string): Promise<number | undefined> {
  try {
    return (await readMetricSum(url, 'nodejs_heap_space_size_total_bytes', 'space="new"')) / 1_048_576;
  } catch {
    return undefined; // A process that is killed or frozen by a fault has no sample for now.
  }
}

/** Megabytes; 0 for one that is gone. */
export function memoryOf(pid: number): number {
  return readMemory([{ name: 'it', pid }])['it']?.pssMb ?? 0;
}
