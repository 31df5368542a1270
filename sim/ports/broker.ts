/**
 * The log itself: partitions of records, and what the groups have committed. It may be cut at its beginning or wiped as a whole; what was ever on it
 * is kept aside for the checks, which nobody else can see.
 */
import type { LogRecord, NewRecord, Offsets } from '../../src/platform/event-log/event-log.ts';
import type { Random } from '../kernel/random.ts';
import { hashText } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';
import { epochMs } from '../kernel/world.ts';
import { ConsumerGroup } from './consumer-group.ts';
import type { DebtLooks } from './debt-looks.ts';

export type Appended = {
  readonly record: LogRecord;
  readonly at: number;
  readonly by: string;
  readonly generation: number;
};

export class Partition {
  readonly records: LogRecord[] = [];
  begin = 0;
  /** Offsets below it may be skipped: members remember places in a log that is gone. */
  exemptBelow = 0;
  readonly #waiting = new Set<() => void>();

  get end(): number {
    return this.begin + this.records.length;
  }

  read(from: number, max: number): readonly LogRecord[] {
    const start = Math.max(0, from - this.begin);
    return this.records.slice(start, start + max);
  }

  between(from: number, to: number): readonly LogRecord[] {
    return this.records.slice(Math.max(0, from - this.begin), Math.max(0, to - this.begin));
  }

  /** Called once, at the next change. */
  wait(notice: () => void): void {
    this.#waiting.add(notice);
  }

  changed(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const notice of waiting) notice();
  }
}

export type Topic = { readonly name: string; readonly partitions: readonly Partition[] };

export class Broker {
  readonly appended: Appended[] = [];
  readonly groups = new Map<string, ConsumerGroup>();
  readonly #topics = new Map<string, Topic>();
  readonly #world: World;
  readonly #random: Random;
  /** Counts wipes. */
  generation = 0;
  /** Counts what makes earlier answers about ends and offsets meaningless. */
  memory = 0;
  /** What each process was told of the first topic, for the checks. */
  readonly looks = new Map<string, DebtLooks>();
  up = true;
  /** Looks at every commit before it counts. */
  onCommit: (group: string, records: readonly LogRecord[]) => void = () => undefined;
  onAppend: (appended: Appended) => void = () => undefined;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random.fork('broker');
  }

  create(name: string, partitions: number): void {
    this.#topics.set(name, { name, partitions: Array.from({ length: partitions }, () => new Partition()) });
  }

  topic(name: string): Topic {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw new Error(`there is no topic ${name}`);
    return topic;
  }

  group(name: string, topicName: string): ConsumerGroup {
    const key = `${name} ${topicName}`;
    const known = this.groups.get(key);
    if (known !== undefined) return known;
    const group = new ConsumerGroup({
      world: this.#world,
      ...{ name, topic: this.topic(topicName), random: this.#random.fork(key) },
      onCommit: (records) => this.onCommit(name, records),
    });
    this.groups.set(key, group);
    return group;
  }

  append(topicName: string, records: readonly NewRecord[], by: string): void {
    const { partitions } = this.topic(topicName);
    const touched = new Set<Partition>();
    for (const record of records) {
      const index = hashText(record.key?.toString() ?? '') % partitions.length;
      const partition = partitions[index];
      if (partition === undefined) throw new RangeError(`${topicName} has no partition ${index}`);
      const place = { topic: topicName, partition: index, offset: BigInt(partition.end) };
      const kept = keep(record, { ...place, timestampMs: epochMs + Math.floor(this.#world.agenda.now) });
      partition.records.push(kept);
      const appended = { record: kept, at: this.#world.agenda.now, by, generation: this.generation };
      this.appended.push(appended);
      this.onAppend(appended);
      const about = kept.key === null ? [] : [kept.key.toString()];
      this.#world.history.note(
        'log',
        `appended ${topicName}/${index}/${place.offset}`,
        about,
        `${idOf(kept)} by ${by}`,
      );
      touched.add(partition);
    }
    for (const partition of touched) partition.changed();
  }

  ends(topicName: string): Offsets {
    return new Map(this.topic(topicName).partitions.map(({ end }, index) => [index, BigInt(end)]));
  }

  /** Forgets everything. Members either notice and join anew, or go on from places that they remember from another log. */
  wipe(unnoticed: boolean): void {
    this.generation += 1;
    this.memory += 1;
    this.#world.history.note('log', 'wiped', [], unnoticed ? 'unnoticed' : '');
    for (const group of this.groups.values()) group.forgetOffsets(unnoticed);
    for (const { partitions } of this.#topics.values()) {
      for (const partition of partitions) {
        partition.records.length = 0;
        partition.begin = 0;
        partition.changed();
      }
    }
  }

  /** Drops the oldest records of every partition, read or not. */
  cut(share: number): void {
    for (const { name, partitions } of this.#topics.values()) {
      if (name.endsWith('.dead')) continue;
      for (const [index, partition] of partitions.entries()) {
        const count = Math.ceil(partition.records.length * share);
        partition.records.splice(0, count);
        partition.begin += count;
        if (count > 0) this.#world.history.note('log', `retention cut ${name}/${index}`, [], `to ${partition.begin}`);
        partition.changed();
      }
    }
  }
}

export function idOf(record: Pick<LogRecord, 'headers'>): string {
  return record.headers.get('ce_id')?.toString().split('/').slice(1).join('/') ?? 'no id';
}

type Place = Pick<LogRecord, 'topic' | 'partition' | 'offset' | 'timestampMs'>;

function keep({ key, value, headers }: NewRecord, place: Place): LogRecord {
  return {
    ...place,
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: new Map(Object.entries(headers).map(([name, header]) => [name, Buffer.from(header)])),
  };
}
