/** A Verdict in pieces: the schema brought up to date, then one process for each replica of each role on real services, each to be killed, frozen, ended and restarted by its name. */
import type { ServiceUrls } from '../../tools/services/service.ts';
import { runVerdict, startVerdict } from '../../tools/run/verdict-process.ts';
import type { VerdictProcess } from '../../tools/run/verdict-process.ts';
import type { LiveServices } from './services.ts';

export type Role = 'front-door' | 'relay' | 'anti-fraud' | 'settlement';

export type DeploymentOptions = {
  readonly services: Pick<LiveServices, 'env' | 'freshDatabase' | 'freshPrefix'>;
  /** How many of each; none where a role is not named. */
  readonly replicas: Partial<Readonly<Record<Role, number>>>;
  readonly env?: Readonly<Record<string, string>>;
};

/** `anti-fraud-2` */
export type ReplicaName = `${Role}-${number}`;

export type Ended = { readonly code: number | null; readonly ms: number };

export const oneOfEach = { 'front-door': 1, relay: 1, 'anti-fraud': 1, settlement: 1 } as const;
export const pairs = { 'front-door': 2, relay: 1, 'anti-fraud': 2, settlement: 2 } as const;

export class Deployment implements AsyncDisposable {
  readonly databaseUrl: string;
  readonly topicPrefix: string;
  readonly serviceUrls: ServiceUrls;
  readonly #env: Readonly<Record<string, string>>;
  readonly #processes = new Map<ReplicaName, VerdictProcess>();

  private constructor(serviceUrls: ServiceUrls, databaseUrl: string, prefix: string, env: DeploymentOptions['env']) {
    this.serviceUrls = serviceUrls;
    this.databaseUrl = databaseUrl;
    this.topicPrefix = `${prefix}verdict.`;
    this.#env = {
      ...serviceUrls,
      DATABASE_URL: databaseUrl,
      VERDICT_TOPIC_PREFIX: this.topicPrefix,
      VERDICT_KEY_PREFIX: `${prefix}verdict:`,
      ...env,
    };
  }

  static async start({ services, replicas, env }: DeploymentOptions): Promise<Deployment> {
    const deployment = new Deployment(services.env, await services.freshDatabase(), services.freshPrefix(), env);
    try {
      await runVerdict({ role: 'migrate', env: deployment.#env });
      const names = roles.flatMap((role) => replicaNames(role, replicas[role] ?? 0));
      await Promise.all(names.map((name) => deployment.#start(name, 0)));
    } catch (error) {
      await deployment[Symbol.asyncDispose]();
      throw error;
    }
    return deployment;
  }

  /** The same for as long as it lives, also while one of them is down. */
  get frontDoors(): readonly string[] {
    return this.names('front-door').map((name) => this.process(name).url);
  }

  get replicas(): readonly ReplicaName[] {
    return [...this.#processes.keys()].toSorted();
  }

  names(role: Role): readonly ReplicaName[] {
    return this.replicas.filter((name) => roleOf(name) === role);
  }

  process(name: ReplicaName): VerdictProcess {
    const found = this.#processes.get(name);
    if (found === undefined) throw new Error(`${name} was never started`);
    return found;
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(name: ReplicaName): Promise<void> {
    await this.process(name).stop('SIGKILL');
  }

  freeze(name: ReplicaName): void {
    this.process(name).signal('SIGSTOP');
  }

  thaw(name: ReplicaName): void {
    this.process(name).signal('SIGCONT');
  }

  /** SIGTERM, as an operator would. */
  async end(name: ReplicaName): Promise<Ended> {
    const startedAt = performance.now();
    const code = await this.process(name).stop('SIGTERM');
    return { code, ms: performance.now() - startedAt };
  }

  /** A new process in the place of one that has ended, on the same port, with `env` for it alone; resolves when it is ready. */
  async restart(name: ReplicaName, env: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#start(name, this.process(name).port, env);
  }

  /** The sum over all labels; 0 for what was never counted. */
  async metric(name: ReplicaName, metric: string): Promise<number> {
    const response = await fetch(`${this.process(name).url}/metrics`);
    if (response.status !== 200) throw new Error(`metrics of ${name}: ${response.status}`);
    const lines = (await response.text()).split('\n').filter((line) => /^[^{ ]+/.exec(line)?.[0] === metric);
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  /** What each wrote last, for whoever has to find out why. */
  report(lines = 15): string {
    const tail = (name: ReplicaName): string => this.process(name).output().split('\n').slice(-lines).join('\n');
    return this.replicas.map((name) => `--- ${name}\n${tail(name)}`).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#processes.values()].map((each) => each.stop('SIGKILL')));
  }

  async #start(name: ReplicaName, port: number, env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#processes.set(
      name,
      await startVerdict({ role: roleOf(name), port, env: { ...this.#env, ...env }, readyWithinMs }),
    );
  }
}

/** Nine processes that start at once on two cores that others use, too. */
const readyWithinMs = 60_000;

const roles: readonly Role[] = ['front-door', 'relay', 'anti-fraud', 'settlement'];

function replicaNames(role: Role, count: number): readonly ReplicaName[] {
  return Array.from({ length: count }, (_, index): ReplicaName => `${role}-${index + 1}`);
}

function roleOf(name: ReplicaName): Role {
  const role = roles.find((each) => name.startsWith(`${each}-`));
  if (role === undefined) throw new Error(`${name} is no replica of a role`);
  return role;
}
