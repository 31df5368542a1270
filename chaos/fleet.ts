/** The processes of the run: killed, frozen, ended and started by name. Each end is recorded with whether it was asked for; one that nobody asked for is replaced at once. */
import { startVerdict } from '../tools/run/verdict-process.ts';
import type { VerdictProcess } from '../tools/run/verdict-process.ts';
import type { Exit } from './checker/evidence.ts';
import { files } from './checker/read-run.ts';
import type { Recorder } from './recorder.ts';
import { replicas, replicasOf, roleOf } from './replicas.ts';
import type { ReplicaName, Role } from './replicas.ts';

export type FleetOptions = {
  readonly recorder: Recorder;
  readonly envOf: (role: Role) => Readonly<Record<string, string>>;
  /** One for each replica, for good. */
  readonly portOf: (name: ReplicaName) => number;
};

type Berth = {
  process?: VerdictProcess;
  starting?: Promise<void>;
  asked?: { readonly signal: 'SIGKILL' | 'SIGTERM'; readonly atMs: number };
  starts: number;
};

/** A machine that does many other things may need that long for eight processes at once. */
const readyWithinMs = 120_000;

export class Fleet implements AsyncDisposable {
  readonly #options: FleetOptions;
  readonly #berths = new Map<ReplicaName, Berth>(replicas.map((name) => [name, { starts: 0 }]));
  #closing = false;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  urlOf(name: ReplicaName): string {
    return `http://127.0.0.1:${this.#options.portOf(name)}`;
  }

  get doors(): readonly [string, string] {
    const [first, second] = replicasOf('front-door');
    return [this.urlOf(first), this.urlOf(second)];
  }

  isUp(name: ReplicaName): boolean {
    return this.#berth(name).process !== undefined;
  }

  /** Undefined while it is down. */
  pidOf(name: ReplicaName): number | undefined {
    return this.#berth(name).process?.pid;
  }

  get up(): readonly ReplicaName[] {
    return replicas.filter((name) => this.isUp(name));
  }

  /** Resolves when it is ready; does nothing where it is up already. */
  start(name: ReplicaName, env: Readonly<Record<string, string>> = {}): Promise<void> {
    const berth = this.#berth(name);
    if (berth.process !== undefined || this.#closing) return Promise.resolve();
    berth.starting ??= this.#start(name, berth, env).finally(() => delete berth.starting);
    return berth.starting;
  }

  /** Those that are up get the signal at once; resolves when they are gone. */
  async kill(...names: readonly ReplicaName[]): Promise<void> {
    await Promise.all(names.map((name) => this.#ask(name, 'SIGKILL')));
  }

  /** Resolves to how long it took to end in good order. */
  async end(name: ReplicaName): Promise<number> {
    const began = performance.now();
    await this.#ask(name, 'SIGTERM');
    return performance.now() - began;
  }

  signal(name: ReplicaName, signal: NodeJS.Signals): void {
    this.#berth(name).process?.signal(signal);
  }

  freeze(name: ReplicaName): void {
    this.signal(name, 'SIGSTOP');
  }

  thaw(name: ReplicaName): void {
    this.signal(name, 'SIGCONT');
  }

  /** Whatever was frozen goes on, whatever is down comes back. */
  async mend(): Promise<void> {
    for (const name of replicas) this.thaw(name);
    await Promise.all(replicas.map((name) => this.start(name)));
  }

  /** All in good order, at the end of a run. */
  async endAll(): Promise<void> {
    this.#closing = true;
    await Promise.all(replicas.map((name) => this.end(name)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await this.kill(...replicas);
  }

  async #ask(name: ReplicaName, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const berth = this.#berth(name);
    const { process } = berth;
    if (process === undefined) return;
    berth.asked ??= { signal, atMs: Date.now() };
    process.signal(signal);
    await process.exit;
  }

  async #start(name: ReplicaName, berth: Berth, env: Readonly<Record<string, string>>): Promise<void> {
    const role = roleOf(name);
    berth.starts += 1;
    delete berth.asked;
    try {
      const started = await startVerdict({
        ...{ role, readyWithinMs, port: this.#options.portOf(name) },
        env: { ...this.#options.envOf(role), ...env },
      });
      berth.process = started;
      void started.exit.then((exit) => this.#ended(name, { ...exit, output: started.output() }));
      if (this.#closing) await this.#ask(name, 'SIGKILL');
    } catch (error) {
      // Whoever is not ready in time has been killed for it, by whoever waited.
      if (String(error).includes('not ready within')) berth.asked = { signal: 'SIGKILL', atMs: Date.now() };
      if (!this.#closing) this.#ended(name, { code: null, signal: null, output: String(error) });
    }
  }

  #ended(
    name: ReplicaName,
    end: { readonly code: number | null; readonly signal: string | null; readonly output: string },
  ): void {
    const berth = this.#berth(name);
    const { asked, starts } = berth;
    const atMs = Date.now();
    const exit: Exit = {
      ...{ name, atMs, code: end.code, signal: end.signal, tookMs: atMs - (asked?.atMs ?? atMs) },
      ...(asked === undefined ? { lastWords: end.output.slice(-3_000) } : { asked: asked.signal }),
    };
    delete berth.process;
    this.#options.recorder.add(files.exits, exit);
    this.#options.recorder.write(`${files.output}/${name}.${starts}.log`, end.output);
    if (asked === undefined || end.output.includes('not ready within')) setTimeout(() => void this.start(name), 500);
  }

  #berth(name: ReplicaName): Berth {
    const berth = this.#berths.get(name);
    if (berth === undefined) throw new Error(`${name} is no replica`);
    return berth;
  }
}
