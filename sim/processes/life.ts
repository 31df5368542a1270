/** One life of a process: its roles over simulated ports, joined as `run` joins them. It ends by a crash, gently when it is asked to, or by a failure of its own. */
import type { Api } from '../../src/http/api.ts';
import { Failure } from '../../src/platform/failure.ts';
import type { Log } from '../../src/platform/logger.ts';
import { startScreening } from '../../src/roles/anti-fraud.ts';
import type { Config } from '../../src/roles/config/schema.ts';
import { frontDoor } from '../../src/roles/front-door.ts';
import { Pipelines } from '../../src/roles/pipelines.ts';
import { relay } from '../../src/roles/relay.ts';
import { settlement } from '../../src/roles/settlement.ts';
import type { Tools } from '../../src/roles/tools.ts';
import type { Transactions } from '../../src/roles/transactions.ts';
import { openTransactions } from '../../src/roles/transactions.ts';
import type { Ruleset } from '../../src/rules/compile.ts';
import type { Incarnation } from '../kernel/incarnation.ts';
import type { World } from '../kernel/world.ts';
import { simulatedClock } from '../ports/clock.ts';
import { simulatedEntropy } from '../ports/entropy.ts';
import { Door } from './door.ts';
import type { Counted } from './metrics.ts';
import { simulatedMetrics } from './metrics.ts';
import type { Ports } from './ports.ts';

export type SimulatedRole = 'front-door' | 'anti-fraud' | 'settlement' | 'relay';

export type LifeOptions = {
  readonly world: World;
  readonly incarnation: Incarnation;
  readonly roles: readonly SimulatedRole[];
  readonly config: Config;
  readonly ruleset: Ruleset;
  readonly ports: Ports;
  readonly wrapApi: (api: Api) => Api;
  readonly onLogLine: (fields: object, message: string) => void;
  /** It cannot go on. */
  readonly onFailure: (error: unknown) => void;
};

export class Life {
  readonly incarnation: Incarnation;
  readonly counted: Counted;
  readonly #closing = new AsyncDisposableStack();
  readonly #ending = new AbortController();
  readonly #tools: Tools;
  #door: Door | undefined;
  #transactions: Transactions | undefined;

  constructor(options: LifeOptions) {
    const { world, incarnation } = options;
    this.incarnation = incarnation;
    this.counted = { transitions: new Map(), announcing: () => 0, onOther: (mark) => world.sometimes(mark) };
    this.#tools = toolsOf(options, this.#ending.signal, this.counted);
    this.#start(options);
  }

  /** Where it has one and still takes requests. */
  get door(): Door | undefined {
    return this.incarnation.alive && !this.#ending.signal.aborted ? this.#door : undefined;
  }

  get actors(): number {
    return this.#transactions?.directory.size ?? 0;
  }

  /** Finishes what is in hand and gives everything back. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#closing.disposeAsync();
  }

  #start({ roles, ports, ruleset, wrapApi }: LifeOptions): void {
    const tools = this.#tools;
    const transactions = openTransactions(tools, ports, this.#closing);
    this.#transactions = transactions;
    const parts = { ...transactions, ...ports };
    const door = roles.includes('front-door') ? frontDoor(tools, parts, this.#closing) : undefined;
    const pipelines = this.#closing.use(new Pipelines(tools));
    if (door !== undefined) {
      this.#door = this.#closing.use(new Door(tools, wrapApi(door.api)));
      door.start(pipelines);
    }
    if (roles.includes('anti-fraud')) startScreening(tools, ports, { ruleset, pipelines });
    if (roles.includes('settlement')) settlement(tools, parts, pipelines);
    if (roles.includes('relay')) relay(tools, parts, pipelines);
  }
}

function toolsOf(
  { world, incarnation, config, onLogLine, onFailure }: LifeOptions,
  signal: AbortSignal,
  counted: Counted,
): Tools {
  const write = (fields: object, message: string): void => onLogLine(fields, message);
  const log: Log = { debug: () => undefined, info: write, warn: write, error: write, fatal: write };
  return {
    ...{ config, log, signal },
    clock: simulatedClock(world.agenda, incarnation),
    entropy: simulatedEntropy(world.random.fork(`entropy of ${incarnation.name}`)),
    metrics: simulatedMetrics(counted),
    fail: (error) => {
      if (incarnation.alive) onFailure(error);
    },
  };
}

/** What the world does to a process; anything else that ends one is a bug. */
export function isOfTheWorld(error: unknown): boolean {
  return error instanceof Failure;
}
