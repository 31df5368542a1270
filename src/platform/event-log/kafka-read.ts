/**
 * Reads a stretch of one partition as a consumer's fetch does, but without a group: joining one takes seconds on a broker with default settings and leaves a trace.
 * kafkajs hides that request behind its consumer, so its inner cluster is asked; each call has connections of its own and closes them.
 */
import type { KafkaMessage } from 'kafkajs';

import { Failure } from '../failure.ts';
import { bounded } from './bounded.ts';
import type { LogPage, LogRecord, ReadOptions } from './event-log.ts';
import type { KafkaAdmin } from './kafka-admin.ts';
import { openCluster } from './kafka-cluster.ts';
import type { Cluster } from './kafka-cluster.ts';
import { asFailure, isUnsettled } from './kafka-failure.ts';
import type { KafkaSettings } from './kafka-options.ts';
import { logRecord } from './kafka-record.ts';

/** One answer of the broker; a single record may be larger. */
const fetchBytes = 1024 * 1024;
/** All records of a page together, before the last one. */
const pageBytes = 4 * 1024 * 1024;
const pauseMs = 100;

export async function readKafka(settings: KafkaSettings, admin: KafkaAdmin, options: ReadOptions): Promise<LogPage> {
  const { clock, askLimitMs } = settings;
  const range = (await admin.ranges(options.topic)).get(options.partition);
  if (range === undefined) return { records: [], next: 0n, end: 0n };
  const end = range.high;
  const from = options.from < range.low ? range.low : options.from;
  if (from >= end) return { records: [], next: end, end };
  const what = `reading ${options.topic}`;
  const deadline = clock.elapsed() + askLimitMs;
  for (;;) {
    try {
      const limitMs = deadline - clock.elapsed();
      return await bounded({ clock, limitMs, what }, () => readPage(settings, { ...options, from }, end));
    } catch (error) {
      if (!isUnsettled(error) || clock.elapsed() + pauseMs >= deadline) throw asFailure(what, error);
      await clock.sleep(pauseMs);
    }
  }
}

async function readPage(settings: KafkaSettings, options: ReadOptions, end: bigint): Promise<LogPage> {
  const cluster = openCluster(settings);
  try {
    await cluster.connect();
    await cluster.addMultipleTargetTopics([options.topic]);
    return await gather(cluster, options, end);
  } finally {
    await cluster.disconnect();
  }
}

async function gather(cluster: Cluster, options: ReadOptions, end: bigint): Promise<LogPage> {
  const records: LogRecord[] = [];
  let next = options.from;
  let bytes = 0;
  while (next < end && records.length < options.limit && bytes < pageBytes) {
    const fetched = await fetchFrom(cluster, options, next);
    if (fetched.length === 0) break;
    for (const message of fetched) {
      if (records.length === options.limit) break;
      next = BigInt(message.offset) + 1n;
      if (message.isControlRecord === true) continue;
      records.push(logRecord(options, message));
      bytes += message.value?.length ?? 0;
    }
  }
  // What was appended is there: an empty answer below the end is a broker in trouble, and no proof that nothing is left.
  if (next === options.from) throw new Failure('event_log_unavailable', `${options.topic} gave nothing at ${next}`);
  return { records, next, end };
}

/** A batch comes whole, also where it begins before the offset that was asked for. */
async function fetchFrom(
  cluster: Cluster,
  { topic, partition }: ReadOptions,
  from: bigint,
): Promise<readonly Message[]> {
  const found = cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition);
  const broker = await cluster.findBroker({ nodeId: `${found?.leader}` });
  const { responses } = await broker.fetch({
    maxWaitTime: 500,
    minBytes: 1,
    maxBytes: fetchBytes,
    isolationLevel: readUncommitted,
    topics: [{ topic, partitions: [{ partition, fetchOffset: from.toString(), maxBytes: fetchBytes }] }],
  });
  const messages = responses.flatMap(({ partitions }) =>
    partitions.flatMap((answer) => answer.messages as readonly Message[]),
  );
  return messages.filter(({ offset }) => BigInt(offset) >= from);
}

/** Nobody here appends in transactions of the log, so there is nothing uncommitted to wait for. */
const readUncommitted = 0;

type Message = KafkaMessage & { readonly isControlRecord?: boolean };
