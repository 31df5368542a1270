/**
 * An ordered, partitioned log of records that may be lost as a whole but never in part without saying so:
 * what `append` acknowledged is read by every consumer group at least once, in order within its partition,
 * unless the log was wiped or its retention has passed.
 */
export interface EventLog {
  /** Creates what is missing; never changes or shrinks what exists. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  /** Resolves when all records are durable. A rejection says nothing about whether some were written. Records with one key keep their order. */
  append(topic: string, records: readonly NewRecord[]): Promise<void>;
  /**
   * Shares a topic among the members of a group until the signal aborts, then resolves after the last batch in hand is committed and the group is left.
   * `handle` is called once at a time per partition, several partitions at once; what it handled is committed soon after it resolved, never before,
   * and at the latest when the member leaves; it is delivered again when it rejects, when the member dies, or after a rebalance. A new group starts at the beginning. Outages are ridden out inside.
   */
  consume(options: ConsumeOptions): Promise<void>;
  /**
   * Some records of one partition from an offset on, outside any group and without a trace: for people who look, not for pipelines.
   * Offsets that retention has taken are passed over; a partition that is not there holds nothing.
   */
  read(options: ReadOptions): Promise<LogPage>;
  /** Offset that the next record of each partition will get. */
  ends(topic: string): Promise<Offsets>;
  /** Offset that the group will read next in each partition, so never one before the oldest that is left; -1 where it never committed and nothing was cut off. */
  committed(group: string, topic: string): Promise<Offsets>;
  /** Rejects when the log cannot be reached. */
  ping(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Partition to offset. */
export type Offsets = ReadonlyMap<number, bigint>;

export type TopicSpec = {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  /** -1 keeps records for ever. */
  readonly retentionMs: number;
};

export type NewRecord = {
  /** Bytes and null are for dead letters, which keep the key as it came. */
  readonly key: string | Buffer | null;
  readonly value: Buffer | string | null;
  readonly headers: Readonly<Record<string, string | Buffer>>;
};

export type LogRecord = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  /** null is a tombstone. */
  readonly value: Buffer | null;
  /** A map, because a header may be called `__proto__`. A repeated header keeps its last value. */
  readonly headers: ReadonlyMap<string, Buffer>;
  /** Handed to this group for the first time, as far as the group knows: nobody need ask whether it was handled before. Whoever is not sure leaves it out. */
  readonly fresh?: true;
};

export type ConsumeOptions = {
  readonly topic: string;
  readonly group: string;
  readonly handle: (records: readonly LogRecord[]) => Promise<void>;
  readonly signal: AbortSignal;
};

export type ReadOptions = {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  /** Records at the most; large ones may make it fewer. */
  readonly limit: number;
};

export type LogPage = {
  /** In order. */
  readonly records: readonly LogRecord[];
  /** Where to go on: below `end` there is more. */
  readonly next: bigint;
  /** Offset that the partition's next record will get. */
  readonly end: bigint;
};
