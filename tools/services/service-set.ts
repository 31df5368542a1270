/** One directory's set of services: brings them up, breaks them on purpose, and takes everything down without leaving a trace. */
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Background } from './background.ts';
import { createState, readState, writeState } from './directory.ts';
import { kafkaService } from './kafka.ts';
import { postgresService, postgresUrl } from './postgres.ts';
import { MissingPrograms } from './programs.ts';
import { redisService } from './redis.ts';
import { until } from './until.ts';
import type { State } from './directory.ts';
import type { Daemon, Service, ServiceName, ServiceTarget, ServiceUrls } from './service.ts';

export const watchdogName = 'watchdog';

const answerLimitMs = 60_000;
const endLimitMs = 20_000;

export type Health = {
  readonly name: string;
  readonly port: number;
  readonly pid: number | undefined;
  readonly answers: boolean;
};

export class ServiceSet {
  readonly directory: string;
  #state: State;

  private constructor(directory: string, state: State) {
    this.directory = directory;
    this.#state = state;
  }

  /** Makes the directory when it is not there; the number of brokers is fixed from then on. */
  static async create(directory: string, brokerCount?: number): Promise<ServiceSet> {
    const absolute = resolve(directory);
    const state = (await readState(absolute)) ?? (await createState(absolute, brokerCount ?? 1));
    if (brokerCount !== undefined && brokerCount !== state.brokers.length) {
      throw new Error(`${absolute} has ${state.brokers.length} brokers; take it down to change that`);
    }
    return new ServiceSet(absolute, state);
  }

  static async open(directory: string): Promise<ServiceSet | undefined> {
    const state = await readState(resolve(directory));
    return state === undefined ? undefined : new ServiceSet(resolve(directory), state);
  }

  /** The services that were asked for. */
  get wanted(): readonly ServiceName[] {
    return this.#state.wanted;
  }

  /** Where each service is, or will be once it is asked for. */
  get urls(): ServiceUrls {
    const { brokers, redisPort, postgresPort } = this.#state;
    return {
      DATABASE_URL: postgresUrl(postgresPort),
      KAFKA_BROKERS: brokers.map((broker) => `127.0.0.1:${broker.port}`).join(','),
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    };
  }

  /** Starts what does not run, all at the same time, and tells about each service when it answers. */
  async up(
    names: readonly ServiceName[],
    tell: (name: ServiceName, seconds: number) => void = () => undefined,
  ): Promise<void> {
    const services = names.map((name) => this.#service(name));
    const missing = (await Promise.all(services.map((service) => service.missing()))).flat();
    if (missing.length > 0) throw new MissingPrograms([...new Set(missing)]);
    this.#state = { ...this.#state, wanted: [...new Set([...this.#state.wanted, ...names])] };
    await writeState(this.directory, this.#state);
    const began = performance.now();
    const outcomes = await Promise.allSettled(
      services.map(async (service) => {
        await service.prepare();
        await this.#start(service.daemons);
        tell(service.name, (performance.now() - began) / 1_000);
      }),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async kill(target: ServiceTarget): Promise<void> {
    await Promise.all(this.#daemons(target).map((daemon) => this.#kill(daemon)));
  }

  /** Ends it in good order where it still runs, and waits until it answers again. */
  async restart(target: ServiceTarget): Promise<void> {
    const daemons = this.#daemons(target);
    await Promise.all(daemons.map((daemon) => this.#end(daemon)));
    await this.#start(daemons);
  }

  /** Empties it: Redis while it runs, the others by a kill and a beginning from nothing; Kafka becomes another cluster. */
  async wipe(name: ServiceName): Promise<void> {
    const service = this.#service(name);
    if (service.flush !== undefined) return service.flush();
    await this.kill(name);
    await rm(service.directory, { recursive: true, force: true });
    await service.prepare();
    await this.#start(service.daemons);
  }

  /** Freezes it (SIGSTOP): connections stay, answers do not come. */
  stop(target: ServiceTarget): void {
    for (const daemon of this.#daemons(target)) this.#background(daemon).freeze();
  }

  cont(target: ServiceTarget): void {
    for (const daemon of this.#daemons(target)) this.#background(daemon).resume();
  }

  async status(): Promise<readonly Health[]> {
    const daemons = this.wanted.flatMap((name) => this.#service(name).daemons);
    return Promise.all(
      daemons.map(async (daemon) => ({
        name: daemon.name,
        port: daemon.port,
        pid: this.#background(daemon).running()?.pid,
        answers: (await complaintOf(daemon)) === undefined,
      })),
    );
  }

  /** Ends everything that ever left its pid in the directory, however far it got, and deletes the data; the watchdog goes last. */
  async down(): Promise<void> {
    const files = (await readdir(this.directory)).filter((file) => file.endsWith('.pid'));
    const names = files.map((file) => basename(file, '.pid')).filter((name) => name !== watchdogName);
    await Promise.all(names.map((name) => new Background(this.directory, name).kill()));
    const { postgresDirectory } = this.#state;
    const own = dirname(postgresDirectory) === this.directory;
    await rm(own ? postgresDirectory : dirname(postgresDirectory), { recursive: true, force: true });
    const watchdog = new Background(this.directory, watchdogName);
    if (watchdog.running()?.pid !== process.pid) await watchdog.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  async #start(daemons: readonly Daemon[]): Promise<void> {
    await Promise.all(
      daemons.map(async (daemon) => {
        const background = this.#background(daemon);
        if (background.running() === undefined) await background.start(await daemon.command());
        await until(`${daemon.name} answers`, answerLimitMs, async () => {
          if (background.running() === undefined)
            throw new Error(`${daemon.name} ended at its start:\n${background.logTail()}`);
          return complaintOf(daemon);
        });
      }),
    );
  }

  /** What does not end in good order within the limit is killed. */
  async #end(daemon: Daemon): Promise<void> {
    await this.#background(daemon)
      .end(daemon.stopSignal, endLimitMs)
      .catch(() => this.#kill(daemon));
  }

  async #kill(daemon: Daemon): Promise<void> {
    const ended = await this.#background(daemon).kill();
    if (ended && daemon.lockFile !== undefined) await rm(daemon.lockFile, { force: true });
  }

  #background(daemon: Daemon): Background {
    return new Background(this.directory, daemon.name);
  }

  #daemons(target: ServiceTarget): readonly Daemon[] {
    const daemons = this.wanted.flatMap((name) => this.#service(name).daemons);
    const found = daemons.filter((daemon) => daemon.name === target || daemon.name.startsWith(`${target}-`));
    if (found.length === 0) throw new Error(`${target} was never started in ${this.directory}`);
    return found;
  }

  #service(name: ServiceName): Service {
    const { brokers, redisPort, postgresPort, postgresDirectory } = this.#state;
    const services = {
      kafka: () => kafkaService(join(this.directory, 'kafka'), brokers),
      redis: () => redisService(join(this.directory, 'redis'), redisPort),
      postgres: () => postgresService(postgresDirectory, postgresPort),
    };
    return services[name]();
  }
}

async function complaintOf(daemon: Daemon): Promise<unknown> {
  try {
    await daemon.ask();
    return undefined;
  } catch (error) {
    return error ?? 'no answer';
  }
}
