/** Makes a fault happen. Each that lasts has an end of its own; `heal` ends all of them at once. */
import type { Fleet } from '../processes/fleet.ts';
import type { Services } from '../processes/ports.ts';
import type { Topics } from '../../src/streams/topics.ts';
import type { Subscriber } from '../clients/subscriber.ts';
import { contradict, poison, unknownDecision } from './foreign-records.ts';
import type { Poisoned } from './foreign-records.ts';
import type { Fault } from './fault-kinds.ts';
import { isArmed } from './fault-kinds.ts';

export type Injection = {
  readonly services: Services;
  readonly fleet: Fleet;
  readonly topics: Topics;
  readonly subscribers: readonly Subscriber[];
  readonly poisoned: Poisoned;
};

export function inject(injection: Injection, fault: Fault): void {
  const { world } = injection.services;
  world.history.note('fault', fault.kind, [], fault.target);
  world.sometimes(`fault ${fault.kind}`);
  if (isArmed(fault.kind)) return world.arm(fault.kind, fault.target);
  toProcesses(injection, fault);
  toServices(injection, fault);
  toStreamsAndRecords(injection, fault);
}

function toProcesses({ fleet, services }: Injection, { kind, target, ms }: Fault): void {
  switch (kind) {
    case 'crash':
      return fleet.crash(target);
    case 'everything-crashes':
      for (const { incarnation } of fleet.lives) services.world.kill(incarnation, 'everything crashes');
      return;
    case 'stop':
      return void fleet.stop(target);
    case 'stop-in-outage':
      services.world.agenda.after(20, () => void fleet.stop(target));
      return;
    case 'judges-freeze':
      for (const name of fleet.judges) fleet.freeze(name, ms + 700);
      return;
    case 'freeze':
      return fleet.freeze(target, ms);
    case 'clock':
      return fleet.jumpClock(target, ms);
  }
}

function toServices({ services, topics }: Injection, { kind, ms, target }: Fault): void {
  const { world, server, broker, keys } = services;
  const after = (end: () => void): void => void world.agenda.after(ms, end);
  switch (kind) {
    case 'slow':
      world.slowness = 10;
      return after(() => (world.slowness = 1));
    case 'database-crash':
      server.crash();
      return after(() => server.restart());
    case 'long-unit-of-work': {
      const unit = server.ledger.begin(1, server.now());
      return after(() => server.ledger.end(unit));
    }
    case 'stop-in-outage':
      server.crash();
      broker.up = false;
      return after(() => {
        server.restart();
        broker.up = true;
      });
    case 'log-down':
      broker.up = false;
      return after(() => (broker.up = true));
    case 'log-wipe':
    case 'log-wipe-unnoticed':
      return broker.wipe(kind === 'log-wipe-unnoticed');
    case 'offsets-deleted':
      for (const group of broker.groups.values()) group.forgetOffsets(false);
      return;
    case 'retention-cut':
      return broker.cut(ms / 2_800);
    case 'rebalance': {
      const [group, topic] =
        target.length % 2 === 0
          ? [topics.antiFraudGroup, topics.transactions]
          : [topics.settlementGroup, topics.decisions];
      return broker.group(group, topic).rebalance('forced');
    }
    case 'key-store-flush':
      return keys.flush();
    case 'key-store-down':
      keys.up = false;
      return after(() => (keys.up = true));
  }
}

function toStreamsAndRecords({ services, topics, subscribers, poisoned }: Injection, { kind, ms, at }: Fault): void {
  const { broker, world } = services;
  switch (kind) {
    case 'stream-cut':
      for (const subscriber of subscribers) subscriber.cut();
      return;
    case 'stream-stall':
      for (const subscriber of subscribers) subscriber.stall(ms);
      return;
    case 'poison':
      return poison(broker, poisoned, { topic: ms > 1_400 ? topics.transactions : topics.decisions, at });
    case 'unknown-decision':
      return unknownDecision(broker, poisoned, { topic: topics.decisions, at });
    case 'contradiction':
      return contradict(broker, { topic: topics.decisions, atMs: Math.floor(world.agenda.now) });
  }
}

/** No fault lasts longer than this. */
export function heal({ services, fleet }: Pick<Injection, 'services' | 'fleet'>): void {
  const { world, server, broker, keys } = services;
  world.disarm();
  world.slowness = 1;
  server.restart();
  broker.up = true;
  keys.up = true;
  fleet.thawAll();
  fleet.startAll();
  world.history.note('fault', 'no more faults');
}
