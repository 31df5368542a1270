/**
 * Lets the faults loose, as the seed says: one alone, so that its recovery can be measured, then a storm of several at once. Every fault has an end: what outlives its
 * limit is mended by the watchdog, and so is everything when the time is up.
 */
import type { Arena, Fault } from './arena.ts';
import { files } from './checker/read-run.ts';
import { lightKinds } from './faults/all.ts';
import type { Random } from './random.ts';
import type { Recorder } from './recorder.ts';
import { bounded, eventually, sleep } from './wait.ts';
import type { Vitals } from './watch/vitals.ts';

export type FaultRecord = {
  readonly kind: string;
  readonly note: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Nothing else was broken meanwhile. */
  readonly alone: boolean;
  /** Where it was alone and its kind has a bar. */
  readonly recoveryMs?: number;
  /** Why the watchdog had to mend what it broke. */
  readonly mended?: string;
};

export type ScheduleOptions = {
  readonly arena: Arena;
  readonly faults: readonly Fault[];
  readonly random: Random;
  readonly vitals: Vitals;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
};

const wellForMs = 1_200;
const recoveryLimitMs = 60_000;
/** Between two storms. */
const aloneCount = 2;
/** How long is waited for quiet before a fault that is to be alone. */
const calmLimitMs = 15_000;
/** Without a fault, to know what is usual; the first seconds of a process are its slowest. */
const usualMs = 10_000;

export class Schedule {
  readonly records: FaultRecord[] = [];
  readonly #options: ScheduleOptions;
  readonly #running = new Map<Fault, Promise<void>>();
  #alone: readonly Fault[] = [];
  #stormy: readonly Fault[] = [];

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  get running(): readonly string[] {
    return [...this.#running.keys()].map(({ kind }) => kind);
  }

  async run(untilMs: number): Promise<void> {
    const { signal, vitals } = this.#options;
    const over = (): boolean => signal.aborted || Date.now() >= untilMs;
    await sleep(usualMs, signal);
    const slowMs = vitals.calibrate();
    console.log(`slow is ${slowMs} ms: what is usual without a fault, and half as much again`);
    while (!over()) {
      for (let alone = 0; alone < aloneCount && !over(); alone += 1) {
        await this.#well(calmLimitMs);
        if (!over()) await this.#strikeAlone();
      }
      await this.#storm(over);
      await Promise.all(this.#running.values());
    }
    await this.mend();
  }

  /** Thaws and restarts whatever is not as it should be. */
  async mend(): Promise<void> {
    const { fleet, services, links, disk } = this.#options.arena;
    disk?.free();
    links.mend();
    for (const name of ['postgres', 'kafka', 'redis'] as const) {
      try {
        services.cont(name);
      } catch {
        await services.restart(name); // it does not run
      }
    }
    await fleet.mend();
  }

  /** Goes on, with what hurts little, for as long as something heavy is not over. */
  async #storm(over: () => boolean): Promise<void> {
    const { random, signal } = this.#options;
    const heavy = (): boolean => this.running.some((kind) => !lightKinds.has(kind));
    for (let left = random.between(5, 8); (left > 0 || heavy()) && !over(); left -= 1) {
      this.#strikeInStorm(left <= 0);
      await sleep(random.between(400, 1_500), signal);
    }
  }

  #well(limitMs: number): Promise<boolean> {
    const { vitals, arena, signal } = this.#options;
    return eventually(limitMs, () => signal.aborted || vitals.isWell(arena.fleet.doors, wellForMs));
  }

  async #strikeAlone(): Promise<void> {
    if (this.#alone.length === 0) this.#alone = this.#options.random.shuffled(this.#options.faults);
    const [fault, ...rest] = this.#alone;
    this.#alone = rest;
    if (fault !== undefined) await this.#strike(fault, true);
  }

  #strikeInStorm(lightOnly: boolean): void {
    const { random, faults } = this.#options;
    if (this.#stormy.length === 0) {
      const heavy = faults.filter(({ kind, breaks }) => !lightKinds.has(kind) && !breaks.includes('everything'));
      const light = faults.filter(({ kind }) => lightKinds.has(kind));
      this.#stormy = random.shuffled([...light, ...light, ...heavy]);
    }
    const fault = this.#stormy.find((each) => this.#isFree(each) && (!lightOnly || lightKinds.has(each.kind)));
    if (fault === undefined) return;
    const at = this.#stormy.indexOf(fault);
    this.#stormy = this.#stormy.toSpliced(at, 1);
    const striking = this.#strike(fault, false).finally(() => this.#running.delete(fault));
    this.#running.set(fault, striking);
  }

  #isFree({ kind, breaks }: Fault): boolean {
    return [...this.#running.keys()].every(
      (other) =>
        other.kind !== kind &&
        !other.breaks.includes('everything') &&
        !other.breaks.some((target) => breaks.includes(target)),
    );
  }

  async #strike(fault: Fault, alone: boolean): Promise<void> {
    const { arena, random, recorder } = this.#options;
    const { kind, limitMs, bar } = fault;
    const startMs = Date.now();
    try {
      const struck = await bounded(limitMs, kind, fault.strike(arena, random.fork()));
      const endMs = Date.now();
      const recoveryMs = alone && bar !== undefined ? await this.#recovery(bar, struck) : undefined;
      this.#note({
        kind,
        note: struck.note,
        startMs,
        endMs,
        alone,
        ...(recoveryMs === undefined ? {} : { recoveryMs }),
      });
    } catch (error) {
      this.#note({
        kind,
        note: '',
        startMs,
        endMs: Date.now(),
        alone,
        mended: error instanceof Error ? error.message : String(error),
      });
      await this.mend();
    }
    recorder.add(files.faults, this.records.at(-1) ?? {});
  }

  async #recovery(bar: NonNullable<Fault['bar']>, struck: Awaited<ReturnType<Fault['strike']>>): Promise<number> {
    const { vitals } = this.#options;
    await sleep(wellForMs, this.#options.signal);
    const well = await this.#well(recoveryLimitMs);
    if (!well) return recoveryLimitMs;
    switch (bar.measure) {
      case 'took':
        return struck.tookMs ?? 0;
      case 'first':
        return vitals.firstAccepted(struck.fromMs, struck.door);
      default:
        return vitals.feltMs(bar.measure, struck.fromMs);
    }
  }

  #note(record: FaultRecord): void {
    this.records.push(record);
  }
}
