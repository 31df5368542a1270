/** Bugs of those who consume a log: what is marked, committed or dropped at the wrong moment. */
import type { EventLog, LogRecord, NewRecord } from '../../src/platform/event-log/event-log.ts';
import { Failure } from '../../src/platform/failure.ts';
import { deadTopic } from '../../src/streams/topics.ts';
import type { Plant, Seam } from './plant.ts';

export const consumingPlants: readonly Plant[] = [
  {
    name: 'claim-before-process',
    what: 'a record is marked as seen when it is looked up, before anything was done about it',
    keyStore: (inner) => ({
      seen: async (set, ids) => {
        const seen = await inner.seen(set, ids);
        await inner.mark(set, ids);
        return seen;
      },
    }),
  },
  {
    name: 'mark-before-ack',
    what: 'a decision counts as made before the log has acknowledged it',
    eventLog: (inner, _seam, { keyStore }) => ({
      append: async (topic, records) => {
        if (topic.endsWith('decisions')) await quietly(keyStore.mark('screened', records.map(openedIdOf)));
        return inner.append(topic, records);
      },
    }),
  },
  {
    name: 'commit-first',
    what: 'the offset is committed before the batch is handled',
    eventLog: (inner) => ({
      consume: (options) =>
        inner.consume({
          ...options,
          handle: async (records) => {
            void options.handle(records).catch(() => undefined);
          },
        }),
    }),
  },
  {
    name: 'highest-offset',
    what: 'records are handled side by side and the highest offset that is done is committed, not the highest below which all are done',
    eventLog: (inner) => ({
      consume: (options) =>
        inner.consume({
          ...options,
          handle: async (records) => {
            const rest = records.slice(0, -1);
            await options.handle(records.slice(-1));
            if (rest.length > 0) void options.handle(rest).catch(() => undefined);
          },
        }),
    }),
  },
  {
    name: 'swallowed-rejection',
    what: 'a batch whose handling failed is committed all the same',
    eventLog: (inner) => ({
      consume: (options) => inner.consume({ ...options, handle: (records) => quietly(options.handle(records)) }),
    }),
  },
  {
    name: 'dedup-by-offset',
    what: 'repeats are known by their place on the log, which another log gives again',
    eventLog: (inner, _seam, { keyStore }) => ({
      consume: (options) =>
        inner.consume({
          ...options,
          handle: async (records) => {
            const places = records.map(placeOf);
            const seen = await keyStore.seen(options.group, places).catch(() => []);
            await options.handle(records.filter((_, index) => seen[index] !== true));
            await quietly(keyStore.mark(options.group, places));
          },
        }),
    }),
  },
  {
    name: 'outage-dead-letter',
    what: 'what cannot be written during an outage is set aside as poison',
    eventLog: (inner, seam) => ({
      append: async (topic, records) => {
        try {
          return await inner.append(topic, records);
        } catch (error) {
          if (!topic.endsWith('decisions') || !(error instanceof Failure)) throw error;
          return await setAside(seam, inner, records);
        }
      },
    }),
  },
  {
    name: 'lost-dead-letter',
    what: 'dead letters are not waited for, and an error of theirs is dropped',
    eventLog: (inner) => ({
      append: (topic, records) => {
        const appending = inner.append(topic, records);
        return topic.endsWith('.dead') ? quietly(Promise.race([appending, Promise.resolve()])) : appending;
      },
    }),
  },
  {
    name: 'unparsed-dead-letter',
    what: 'a dead letter holds what was understood of the record, not the bytes that came',
    eventLog: (inner) => ({
      append: (topic, records) =>
        inner.append(
          topic,
          topic.endsWith('.dead')
            ? records.map((record) => ({ ...record, value: JSON.stringify(String(record.value)) }))
            : records,
        ),
    }),
  },
];

async function quietly(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined);
}

function openedIdOf({ headers }: NewRecord): string {
  return String(headers['ce_id']).replace('/decision/', '/opened/');
}

function placeOf({ topic, partition, offset }: LogRecord): string {
  return `${topic}/${partition}/${offset}`;
}

async function setAside({ services }: Seam, inner: EventLog, records: readonly NewRecord[]): Promise<void> {
  const topic = records.length === 0 ? '' : deadTopic('verdict.decisions');
  services.world.sometimes('planted: an outage was set aside');
  await quietly(inner.append(topic, records));
}
