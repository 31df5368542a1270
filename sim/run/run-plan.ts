/** One run: carries out a plan in virtual time, lets it come to rest where the plan says so, and checks everything. */
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';
import type { Topics } from '../../src/streams/topics.ts';
import { Caller } from '../clients/caller.ts';
import { ClientLog } from '../clients/client-log.ts';
import { Subscriber } from '../clients/subscriber.ts';
import type { LogLine } from '../checks/check.ts';
import { check } from '../checks/check.ts';
import { isAtRest, unrest } from '../checks/rest.ts';
import { watchLog } from '../checks/watch-log.ts';
import { watchBounds } from '../checks/bounds.ts';
import { decideElsewhere } from '../faults/foreign-records.ts';
import { heal, inject } from '../faults/inject.ts';
import type { Happening } from '../kernel/history.ts';
import type { Violation } from '../kernel/world.ts';
import { World } from '../kernel/world.ts';
import type { Plan } from '../plan/plan.ts';
import type { Plant } from '../planted/plant.ts';
import { Broker } from '../ports/broker.ts';
import { DatabaseServer } from '../ports/database-server.ts';
import { KeyServer } from '../ports/key-server.ts';
import { simulatedConfig } from '../processes/config.ts';
import { Fleet } from '../processes/fleet.ts';
import type { Services } from '../processes/ports.ts';
import { simulatedRuleset } from './ruleset.ts';
import { StrayErrors } from './stray-errors.ts';

export type Outcome = {
  readonly plan: Plan;
  readonly hash: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly violations: readonly Violation[];
  readonly marks: ReadonlySet<string>;
  readonly happenings: readonly Happening[];
  readonly accepted: number;
};

/** After the last fault everything is terminal, published and read within a minute; after a wipe within two. */
const restLimitMs = 60_000;

export async function runPlan(plan: Plan, plant?: Plant): Promise<Outcome> {
  const world = new World(`seed ${plan.seed}`);
  using strays = new StrayErrors(world);
  const run = open(world, plan, plant);
  for (const { at, ...fault } of plan.faults) world.agenda.after(at, () => inject(run, { at, ...fault }));
  await world.agenda.run(() => world.violations.length > 0, plan.activeMs);
  if (plan.quiet && world.violations.length === 0) await comeToRest(run);
  await strays.settle();
  const atRest = plan.quiet && world.violations.length === 0;
  const ledger = run.services.server.ledger;
  check({
    ...run,
    ledger,
    broker: run.services.broker,
    atRest,
    faultFree: plan.faults.length === 0 && plant === undefined,
  });
  for (const { incarnation } of run.fleet.lives) incarnation.end();
  return {
    plan,
    hash: world.history.hash,
    events: world.agenda.events,
    virtualMs: world.agenda.now,
    violations: world.violations,
    marks: world.marks,
    happenings: world.history.happenings,
    accepted: run.clients.accepted.size,
  };
}

function open(world: World, plan: Plan, plant: Plant | undefined) {
  const topics = topicNames('verdict.');
  const services = openServices(world, topics);
  const logLines: LogLine[] = [];
  const config = simulatedConfig(plan.config);
  const fleet = new Fleet({
    ...{ services, config, plant, processes: plan.processes, ruleset: simulatedRuleset() },
    onLogLine: (fields, message) => void logLines.push({ fields, message }),
  });
  const index = watchLog(world, { broker: services.broker, ledger: services.server.ledger, topics });
  watchBounds(world, { fleet, config });
  const elsewhere = (ids: readonly string[]): void =>
    decideElsewhere(services.broker, ids, { topic: topics.decisions, atMs: Math.floor(world.agenda.now) });
  world.decideElsewhere = elsewhere;
  fleet.startAll();
  const clients = new ClientLog();
  const subscribers: Subscriber[] = [];
  const network = { world, fleet, random: world.random.fork('network') };
  const subscribe = (options: Pick<Subscriber['options'], 'client' | 'transaction' | 'status'>): void => {
    const name = `stream-${subscribers.length + 1}`;
    subscribers.push(new Subscriber({ ...network, ...options, name, log: clients, random: world.random.fork(name) }));
  };
  for (const { client, status, at } of plan.subscribers) world.agenda.after(at, () => subscribe({ client, status }));
  const callers = plan.intents.map(
    (intent) =>
      new Caller({
        ...{ ...network, intent, log: clients, random: world.random.fork(intent.name) },
        onAccepted: (transaction) => {
          if (intent.follows) subscribe({ client: intent.client, transaction });
        },
      }),
  );
  return {
    world,
    services,
    fleet,
    topics,
    index,
    clients,
    callers,
    subscribers,
    logLines,
    poisoned: new Set<string>(),
  };
}

export type Run = ReturnType<typeof open>;

function openServices(world: World, topics: Topics): Services {
  const broker = new Broker(world);
  const sizes = { partitions: 2, replication: 1, retentionMs: -1, deadLetterRetentionMs: -1 };
  for (const { name, partitions } of topicSpecs(topics, sizes)) broker.create(name, partitions);
  return { world, broker, server: new DatabaseServer(world), keys: new KeyServer(world), leases: new Map() };
}

async function comeToRest(run: Run): Promise<void> {
  const { world } = run;
  heal(run);
  const limitMs = world.agenda.now + (run.services.broker.memory > 0 ? 2 : 1) * restLimitMs;
  let rested = false;
  const look = (): void => {
    rested = isAtRest(run);
    if (!rested) world.agenda.after(100, look);
  };
  world.agenda.after(100, look);
  await world.agenda.run(() => rested || world.violations.length > 0, limitMs);
  const left = rested || world.violations.length > 0 ? undefined : unrest(run);
  if (left !== undefined) world.violate('I11', `not at rest in time: ${left.what}`, left.transaction);
}
