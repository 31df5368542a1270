/** The event log of one process over the simulated one: an append may be written and its acknowledgement lost, written twice, written in part, or not at all. */
import type { EventLog, NewRecord, Offsets } from '../../src/platform/event-log/event-log.ts';
import { Failure } from '../../src/platform/failure.ts';
import type { Incarnation } from '../kernel/incarnation.ts';
import type { World } from '../kernel/world.ts';
import type { Broker } from './broker.ts';
import { DebtLooks } from './debt-looks.ts';

/** An append that has no answer by then is given up by its client, whatever becomes of it. */
const answerLimitMs = 500;

export function simulatedEventLog(world: World, broker: Broker, incarnation: Incarnation): EventLog {
  const ask = <T>(serve: () => T): Promise<T> => roundTrip(world, broker, incarnation, serve);
  return {
    ensureTopics: () => ask(() => undefined),
    append: (topic, records) => append({ world, broker, incarnation, topic, records }),
    consume: ({ topic, group, handle, signal }) => broker.group(group, topic).consume(incarnation, { handle, signal }),
    ends: (topic) => ask(() => ends(broker, incarnation, topic)),
    committed: (group, topic) => ask(() => committed(broker, incarnation, { group, topic })),
    read: () => Promise.reject(new Error('nobody reads the simulated log outside of a group')),
    ping: () => ask(() => undefined),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function ends(broker: Broker, { name }: Incarnation, topic: string): Offsets {
  const answer = broker.ends(topic);
  if (topic.endsWith('transactions')) looksOf(broker, name).sawEnds(answer);
  return answer;
}

function looksOf(broker: Broker, name: string): DebtLooks {
  const known = broker.looks.get(name);
  if (known !== undefined && known.memory === broker.memory) return known;
  const fresh = new DebtLooks(broker.memory);
  broker.looks.set(name, fresh);
  return fresh;
}

/** What the group reads next: what was cut off is not read any more. */
function committed(
  broker: Broker,
  { name }: Incarnation,
  { group, topic }: { readonly group: string; readonly topic: string },
): Offsets {
  const { partitions } = broker.topic(topic);
  const answer = new Map(
    [...broker.group(group, topic).committed()].map(([index, offset]) => {
      const begin = BigInt(partitions[index]?.begin ?? 0);
      return [index, begin > 0n && begin > offset ? begin : offset];
    }),
  );
  if (topic.endsWith('transactions')) looksOf(broker, name).sawCommitted(answer);
  return answer;
}

function roundTrip<T>(world: World, broker: Broker, incarnation: Incarnation, serve: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    world.agenda.after(world.latencyMs(), () => {
      const answer = broker.up ? { result: serve() } : undefined;
      incarnation.after(world.latencyMs(), () => {
        if (answer === undefined) reject(new Failure('event_log_unavailable', 'the log is down'));
        else resolve(answer.result);
      });
    });
  });
}

type Append = {
  readonly world: World;
  readonly broker: Broker;
  readonly incarnation: Incarnation;
  readonly topic: string;
  readonly records: readonly NewRecord[];
};

function append({ world, broker, incarnation, topic, records }: Append): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, ms: number): void => {
      incarnation.after(ms, () => reject(new Failure('event_log_unavailable', why)));
    };
    world.agenda.after(world.latencyMs(), () => {
      if (!broker.up) return fail('the log is down', world.latencyMs());
      if (world.struck('freeze-in-append', incarnation)) world.freeze(incarnation);
      if (world.struck('append-refused', incarnation)) return fail('not written', world.latencyMs());
      if (world.struck('append-late', incarnation)) {
        // Held somewhere on the way: its client gives it up long before it is written.
        world.agenda.after(answerLimitMs * 2, () => {
          if (broker.up) broker.append(topic, records, incarnation.name);
        });
        return fail('no acknowledgement in time', answerLimitMs);
      }
      if (world.struck('append-in-part', incarnation)) {
        broker.append(topic, records.slice(0, Math.ceil(records.length / 2)), incarnation.name);
        return fail('some partitions refused', world.latencyMs());
      }
      broker.append(topic, records, incarnation.name);
      if (world.struck('append-doubled', incarnation)) broker.append(topic, records, incarnation.name);
      if (world.struck('wipe-after-append', incarnation)) broker.wipe(false);
      if (world.struck('crash-after-append', incarnation))
        return world.kill(incarnation, `crash after an append to ${topic}`);
      if (world.struck('lost-append-ack', incarnation)) return fail('the acknowledgement was lost', answerLimitMs);
      incarnation.after(world.latencyMs(), resolve);
    });
  });
}
