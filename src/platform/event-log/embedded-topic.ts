/** A topic in memory: spreads records over its partitions by key, and drops what all its groups have left far enough behind. */
import { Failure } from '../failure.ts';
import { EmbeddedGroup } from './embedded-group.ts';
import { EmbeddedPartition } from './embedded-partition.ts';
import type { LogPage, LogRecord, NewRecord, Offsets, ReadOptions } from './event-log.ts';
import type { GroupOptions } from './embedded-group.ts';

export type EmbeddedTopicOptions = Omit<GroupOptions, 'partitions' | 'onCommit'> & {
  readonly name: string;
  readonly partitionCount: number;
  readonly keptMax: number;
  readonly unreadMax: number;
};

export class EmbeddedTopic {
  readonly #options: EmbeddedTopicOptions;
  readonly #partitions: readonly EmbeddedPartition[];
  readonly #groups = new Map<string, EmbeddedGroup>();

  constructor(options: EmbeddedTopicOptions) {
    this.#options = options;
    this.#partitions = Array.from({ length: options.partitionCount }, () => new EmbeddedPartition());
  }

  /** All or nothing: refused with `overloaded` where a partition would hold more than its bound of unread records. */
  append(records: readonly NewRecord[]): void {
    const { name, clock, unreadMax } = this.#options;
    const touched = new Map<number, NewRecord[]>();
    for (const record of records) {
      const index = hash(record.key?.toString() ?? '') % this.#partitions.length;
      const mine = touched.get(index);
      if (mine === undefined) touched.set(index, [record]);
      else mine.push(record);
    }
    for (const [index, mine] of touched) {
      const unread = this.#at(index).end - this.#consumed(index) + mine.length;
      if (unread > unreadMax)
        throw new Failure('overloaded', `${name}: ${unread} records of partition ${index} would be unread`);
    }
    const timestampMs = clock.now();
    for (const [index, mine] of touched) {
      const partition = this.#at(index);
      for (const record of mine)
        partition.append(kept(record, { topic: name, partition: index, offset: BigInt(partition.end), timestampMs }));
      this.#forget(index);
      partition.announce();
    }
  }

  /** The group comes to be when it is first asked to consume; from then on its unread records are kept. */
  group(name: string): EmbeddedGroup {
    let group = this.#groups.get(name);
    if (group === undefined) {
      const onCommit = (partition: number): void => this.#forget(partition);
      group = new EmbeddedGroup({ ...this.#options, partitions: this.#partitions, onCommit });
      this.#groups.set(name, group);
    }
    return group;
  }

  read({ partition: index, from, limit }: ReadOptions): LogPage {
    const partition = this.#partitions[index];
    if (partition === undefined) return { records: [], next: 0n, end: 0n };
    const records = partition.read(Number(from), limit);
    const end = BigInt(partition.end);
    const last = records.at(-1);
    return { records, next: last === undefined ? end : last.offset + 1n, end };
  }

  ends(): Offsets {
    return new Map(this.#partitions.map((partition, index) => [index, BigInt(partition.end)]));
  }

  committed(group: string): Offsets {
    return new Map(
      this.#partitions.map(({ begin }, index) => {
        const offset = this.#groups.get(group)?.committed(index) ?? -1;
        return [index, BigInt(begin > 0 ? Math.max(begin, offset) : offset)];
      }),
    );
  }

  #forget(index: number): void {
    this.#at(index).forget(this.#consumed(index), Math.ceil(this.#options.keptMax / this.#partitions.length));
  }

  /** Everything, where nobody reads. */
  #consumed(index: number): number {
    const partition = this.#at(index);
    let consumed = partition.end;
    for (const group of this.#groups.values()) consumed = Math.min(consumed, group.committed(index) ?? partition.begin);
    return consumed;
  }

  #at(index: number): EmbeddedPartition {
    const partition = this.#partitions[index];
    if (partition === undefined) throw new RangeError(`${this.#options.name} has no partition ${index}`);
    return partition;
  }
}

type Place = Pick<LogRecord, 'topic' | 'partition' | 'offset' | 'timestampMs'>;

/** Copied, so that a buffer that its owner uses again does not change what was written. */
function kept({ key, value, headers }: NewRecord, place: Place): LogRecord {
  return {
    ...place,
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: new Map(Object.entries(headers).map(([name, header]) => [name, Buffer.from(header)])),
  };
}

/** FNV-1a over UTF-16 units: the same key finds the same partition in every process and every version. */
function hash(key: string): number {
  let result = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) result = Math.imul(result ^ key.charCodeAt(at), 0x01000193);
  return result >>> 0;
}
