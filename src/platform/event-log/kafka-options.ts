/** What an operator may set about Kafka, each limit with the reason for its default. */
import { quietKafkaLog } from './kafka-noise.ts';
import type { logCreator } from 'kafkajs';
import type { Clock } from '../clock.ts';
import type { Entropy } from '../entropy.ts';
import type { LogLine } from './log-line.ts';

export type KafkaLogOptions = Partial<KafkaLimits> & {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: LogLine;
  /** A consumer was lost and is being built anew. */
  readonly onConsumerRestart?: (group: string) => void;
};

export type KafkaLimits = {
  /** A member that is silent for so long is dead: the least that a broker allows by default, because its partitions wait for that long. */
  readonly sessionTimeoutMs: number;
  /** Milliseconds that a rebalance waits for members to come back: they notice at their next heartbeat, and drop what they have in hand. */
  readonly rebalanceTimeoutMs: number;
  /** One request to a broker. */
  readonly requestTimeoutMs: number;
  /** One question (ends, committed, ping, creating topics), with all its requests. */
  readonly askLimitMs: number;
  /** One append, with its waiting and all its attempts; afterwards the caller is told that the log is away. */
  readonly appendLimitMs: number;
  /** One send: below the broker's limit for one batch of one partition (`max.message.bytes`, 1,048,588), because all may go to one partition. */
  readonly sendBytesMax: number;
  /** Appends in memory; past it they are refused with `overloaded`. */
  readonly waitingBytesMax: number;
  /** An idle fetch waits this long at the broker; leaving a group waits for it. */
  readonly fetchWaitMs: number;
  /** One partition's part of a fetch: some 1,000 records in hand. */
  readonly fetchPartitionBytes: number;
  /** From one commit to the next: what a member that is killed had handled for so long is handled again; four requests a second cost nothing. */
  readonly commitEveryMs: number;
  /** From a rejected batch to its next delivery. */
  readonly redeliverAfterMs: number;
  /** From the loss of a consumer to the next one: doubled at each failure from the first to the second. */
  readonly rebuildAfterMs: readonly [number, number];
  /** How often a consumer's progress is looked at: a wipe of the log stays unseen for that long. */
  readonly watchEveryMs: number;
  /** A consumer that has lag, nothing in hand and commits nothing for so long is built anew: longer than any rebalance takes. */
  readonly stallMs: number;
  /** Joining a group: one rebalance and a coordinator that is still loading. */
  readonly joinLimitMs: number;
  /** Leaving a group with its last batch; a role has 10 s to end. */
  readonly leaveLimitMs: number;
};

export type KafkaSettings = Required<KafkaLogOptions> & { readonly chatter: logCreator };

const defaults: KafkaLimits = {
  sessionTimeoutMs: 6_000,
  rebalanceTimeoutMs: 6_000,
  requestTimeoutMs: 5_000,
  askLimitMs: 5_000,
  appendLimitMs: 10_000,
  sendBytesMax: 900_000,
  waitingBytesMax: 64 * 1024 * 1024,
  fetchWaitMs: 500,
  fetchPartitionBytes: 512 * 1024,
  commitEveryMs: 250,
  redeliverAfterMs: 200,
  rebuildAfterMs: [200, 2_000],
  watchEveryMs: 1_000,
  stallMs: 10_000,
  joinLimitMs: 20_000,
  leaveLimitMs: 7_500,
};

export function kafkaSettings(options: KafkaLogOptions): KafkaSettings {
  return {
    ...defaults,
    onConsumerRestart: () => undefined,
    ...options,
    chatter: quietKafkaLog(options.clock, options.log),
  };
}
