/** Everything that a run left behind, as plain data: what clients saw, what the database, the log and the streams hold, and how processes ended. Times are milliseconds since the Unix epoch. */
export type Evidence = {
  readonly requests: readonly ClientRequest[];
  readonly rows: readonly Row[];
  /** In the order of the journal. */
  readonly journal: readonly Entry[];
  readonly epochs: readonly LogEpoch[];
  /** In the order in which they were taken. */
  readonly samples: readonly OffsetSample[];
  readonly transcripts: readonly Transcript[];
  readonly exits: readonly Exit[];
  readonly planted: readonly Planted[];
  /** Wipes of Redis, and of Kafka. */
  readonly wipes: readonly Wipe[];
  /** Texts in which no secret may stand: logs, metrics. */
  readonly written: readonly Written[];
  /** Account ids and credentials of this run. */
  readonly secrets: readonly string[];
  readonly calm: Calm | undefined;
};

export type Status = 'PENDING' | 'APPROVED' | 'REJECTED';

export type ClientRequest = {
  readonly client: string;
  readonly door: string;
  readonly method: 'POST' | 'GET';
  readonly startMs: number;
  readonly endMs: number;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly key?: string;
  readonly body?: string;
  /** Of a GET. */
  readonly id?: string;
  readonly replayed?: boolean;
  readonly location?: string;
  readonly text: string;
  readonly error?: string;
};

export type Decision = {
  readonly outcome: string;
  readonly reasons: readonly string[];
  readonly decidedBy: string;
};

export type Row = {
  readonly id: string;
  readonly client: string;
  readonly key: string;
  readonly status: Status;
  readonly version: number;
  readonly debit: string;
  readonly credit: string;
  readonly typeId: number;
  readonly amountMinor: number;
  readonly digits: number;
  readonly decideByMs: number;
  readonly decision: Decision | null;
};

export type Entry = {
  readonly transactionId: string;
  readonly xid: number;
  readonly position: number;
  readonly version: number;
  readonly type: string;
  readonly decision: Decision | null;
  readonly recordedAtMs: number;
};

/** The life of one Kafka: from its beginning to the wipe that ended it. */
export type LogEpoch = {
  readonly number: number;
  readonly startMs: number;
  readonly records: readonly LogRecord[];
};

export type TopicName =
  | 'transactions'
  | 'decisions'
  | 'settlements'
  | 'transactions.dead'
  | 'decisions.dead'
  | 'settlements.dead';

export type LogRecord = {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the value's bytes; null for a tombstone. */
  readonly digest: string | null;
  /** The value where it is JSON of a usual size. */
  readonly text: string | null;
};

export type GroupName = 'anti-fraud' | 'settlement';

/** Committed offsets were asked for first, the ends of topics after they were answered. */
export type OffsetSample = {
  readonly epoch: number;
  readonly atMs: number;
  readonly group: GroupName;
  /** By partition of the topic that the group consumes; -1 where there is none. */
  readonly committed: readonly number[];
  readonly ends: Readonly<Partial<Record<TopicName, readonly number[]>>>;
};

export type Transcript = {
  readonly name: string;
  readonly client: string;
  readonly statuses: readonly string[] | null;
  readonly account: string | null;
  readonly firstId: string;
  readonly lastId: string;
  readonly frames: readonly SeenFrame[];
  /** Answers that were no stream. */
  readonly refusals: readonly string[];
  readonly connections: number;
};

export type SeenFrame = {
  readonly id: string;
  readonly event: string;
  readonly transactionId: string;
  readonly status: string;
  readonly atMs: number;
};

export type Exit = {
  readonly name: string;
  readonly atMs: number;
  readonly code: number | null;
  readonly signal: string | null;
  /** Absent where nobody asked for it. */
  readonly asked?: 'SIGKILL' | 'SIGTERM';
  /** From the asking to the end. */
  readonly tookMs: number;
  readonly lastWords?: string;
};

/** A record that the run put on a topic and that no consumer can handle. It carries `chaosId` as a header. */
export type Planted = {
  readonly chaosId: string;
  readonly topic: 'transactions' | 'decisions';
  readonly cause: string;
  readonly digest: string | null;
  /** The transaction that does not exist, where the record is about one. */
  readonly unknownId?: string;
};

export type Wipe = { readonly what: 'kafka' | 'redis'; readonly atMs: number };

export type Written = { readonly where: string; readonly text: string };

/** Counts before and after a stretch without faults, by all processes together and by SQL. */
export type Calm = {
  readonly opened: Counted;
  readonly settled: Counted;
  /** Gauges of things that must have run empty, by their name. */
  readonly atRest: Readonly<Record<string, number>>;
};

export type Counted = { readonly metrics: number; readonly rows: number };

export const chaosHeader = 'chaos-id';
