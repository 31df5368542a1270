/** One run: services, processes and clients come up, faults strike until the time is over, everything converges, and what is left behind is checked. */
import { runVerdict } from '../tools/run/verdict-process.ts';
import { freePorts } from '../tools/services/free-port.ts';
import { startServices } from '../tools/services/start-services.ts';
import type { Arena } from './arena.ts';
import { files } from './checker/read-run.ts';
import { Disk } from './disk.ts';
import { Epochs } from './epochs.ts';
import { allFaults } from './faults/all.ts';
import { converge, countCalm, keep } from './finish.ts';
import type { FinishOptions } from './finish.ts';
import { Fleet } from './fleet.ts';
import { makeClients } from './load/clients.ts';
import type { Clients } from './load/clients.ts';
import { Load } from './load/load.ts';
import { Subscriber } from './load/subscriber.ts';
import { Planter } from './planter.ts';
import { tellProgress } from './progress.ts';
import { Links } from './proxy/links.ts';
import { Random } from './random.ts';
import { Recorder } from './recorder.ts';
import { replicas } from './replicas.ts';
import type { Role } from './replicas.ts';
import { reported } from './reported.ts';
import type { RunReport } from './report.ts';
import { Schedule } from './schedule.ts';
import { sleep } from './wait.ts';
import { Offsets } from './watch/offsets.ts';
import { Vitals } from './watch/vitals.ts';

export type RunOptions = {
  readonly directory: string;
  readonly minutes: number;
  readonly seed: number;
  readonly perSecond: number;
  /** Only these kinds, where any are named. */
  readonly kinds: readonly string[];
  readonly signal: AbortSignal;
};

/** 120 s after a full wipe, which may have been the last fault. */
const convergeLimitMs = 120_000;
const poisonEveryMs = 5_000;

export async function run(options: RunOptions): Promise<RunReport> {
  const { directory, minutes, seed, signal } = options;
  const random = new Random(seed);
  const recorder = new Recorder(directory);
  const clients = makeClients(random.fork());
  recorder.write(files.secrets, clients.secrets);
  const outcome = await withArena(options, { recorder, clients, random }, async (arena) => {
    await using vitals = new Vitals(arena.services.env.DATABASE_URL);
    await using offsets = new Offsets({ brokers: arena.services.env.KAFKA_BROKERS, epochs: arena.epochs, recorder });
    const load = newLoad(options, { arena, clients, recorder, random, vitals });
    const subscribers = newSubscribers(arena, clients, random);
    await using closing = new AsyncDisposableStack();
    closing.defer(() => load.finish(0));
    for (const each of subscribers) closing.use(each);
    const all = allFaults(arena.disk !== undefined);
    const kinds = all.filter(({ kind }) => options.kinds.length === 0 || options.kinds.includes(kind));
    const schedule = new Schedule({ arena, faults: kinds, random: random.fork(), vitals, recorder, signal });
    const finish: FinishOptions = {
      arena,
      load,
      operator: clients.operator,
      subscribers,
      vitals,
      offsets,
      recorder,
      limitMs: convergeLimitMs,
    };
    using _told = tellProgress({ arena, load, schedule, vitals });
    load.start();
    const planting = plant(arena.planter, options, AbortSignal.any([signal, AbortSignal.timeout(minutes * 60_000)]));
    await schedule.run(Date.now() + minutes * 60_000);
    signal.throwIfAborted();
    await planting;
    const convergedMs = await converge(finish);
    signal.throwIfAborted();
    await countCalm(finish);
    await keep(finish);
    return {
      records: schedule.records,
      kinds,
      convergedMs,
      leftOut: arena.disk === undefined ? ['full-disk (no right to mount)'] : [],
    };
  });
  await recorder[Symbol.asyncDispose]();
  return reported({ ...outcome, directory, seed, minutes });
}

type Making = { readonly recorder: Recorder; readonly clients: Clients; readonly random: Random };

/** Everything is up when the work begins, and gone when it has ended, however it ended. */
async function withArena<T>(
  { signal }: RunOptions,
  { recorder, clients, random }: Making,
  work: (arena: Arena) => Promise<T>,
): Promise<T> {
  using disk = Disk.mount();
  await using services = await startServices(disk === undefined ? {} : { dir: disk.directory });
  await using links = await Links.open(services.env, random.fork());
  const ports = await freePorts(replicas.length);
  const envOf = (role: Role): Readonly<Record<string, string>> => ({
    ...clients.env,
    ...sharedEnv,
    ...links.envOf(role),
  });
  await using fleet = new Fleet({ recorder, envOf, portOf: (name) => ports[replicas.indexOf(name)] ?? 0 });
  await runVerdict({ role: 'migrate', env: { ...services.env } });
  await Promise.all(replicas.map((name) => fleet.start(name)));
  signal.throwIfAborted();
  const epochs = new Epochs(recorder, services);
  const planter = new Planter({ brokers: services.env.KAFKA_BROKERS, recorder, random: random.fork() });
  return await work({ fleet, services, links, epochs, planter, disk });
}

const sharedEnv = {
  // Positions are told every second, so that a stream that is idle still says how far it is.
  VERDICT_SSE_HEARTBEAT_MS: '1000',
};

function newLoad(
  { perSecond }: RunOptions,
  { arena, clients, recorder, random, vitals }: Making & { readonly arena: Arena; readonly vitals: Vitals },
): Load {
  return new Load({
    ...{
      doors: arena.fleet.doors,
      clients: clients.all,
      accounts: clients.accounts,
      perSecond,
      recorder,
      random: random.fork(),
    },
    onAnswer: (request) => vitals.answered(request),
  });
}

function newSubscribers(arena: Arena, { all, accounts }: Clients, random: Random): readonly Subscriber[] {
  const [acme, zeta, nova] = all;
  const common = { doors: arena.fleet.doors, statuses: null, account: null, staysMs: undefined };
  const restless = { ...common, staysMs: [500, 8_000] as const };
  return [
    { ...common, name: 'acme-steady', client: acme },
    { ...restless, name: 'acme-restless', client: acme },
    { ...restless, name: 'zeta-restless', client: zeta },
    { ...restless, name: 'zeta-settled', client: zeta, statuses: ['APPROVED', 'REJECTED'] },
    { ...restless, name: 'nova-rejected', client: nova, statuses: ['REJECTED'] },
    { ...common, name: 'nova-account', client: nova, account: accounts[0] ?? null },
  ].map((options) => new Subscriber({ ...options, random: random.fork() }));
}

/** A fiftieth of what is posted, all the time. */
async function plant(planter: Planter, { perSecond }: RunOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await planter.poison(Math.max(1, Math.round(((perSecond * poisonEveryMs) / 1_000) * 0.01)));
    await sleep(poisonEveryMs, signal);
  }
}
