/** Reads every topic from its first record to its end of this moment, as anybody could. */
import { createHash } from 'node:crypto';
import type { Consumer, IHeaders, KafkaMessage } from 'kafkajs';
import type { LogRecord, TopicName } from './checker/evidence.ts';
import { plainKafka, topicPrefix, topics } from './kafka-client.ts';
import { bounded, eventually } from './wait.ts';

const textMaxBytes = 16_384;

/** Rejects when it takes too long: half a log would be taken for a whole one. */
export async function readLog(brokers: string, limitMs: number): Promise<readonly LogRecord[]> {
  const kafka = plainKafka(brokers);
  const missing = await bounded(limitMs, 'asking for the ends of the log', endsOf(brokers));
  if (missing.size === 0) return [];
  const consumer = kafka.consumer({
    groupId: `chaos-${crypto.randomUUID()}`,
    maxWaitTimeInMs: 100,
    retry: { retries: 5 },
  });
  try {
    return await read(consumer, missing, limitMs);
  } finally {
    await bounded(5_000, 'leaving the log', consumer.disconnect()).catch(() => undefined);
  }
}

async function read(consumer: Consumer, missing: Map<string, number>, limitMs: number): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  await bounded(limitMs, 'connecting to the log', consumer.connect());
  await consumer.subscribe({ topics: topics.map((topic) => `${topicPrefix}${topic}`), fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      records.push(toRecord(topic, partition, message));
      const place = `${topic} ${partition}`;
      if (Number(message.offset) >= (missing.get(place) ?? 0) - 1) missing.delete(place);
    },
  });
  if (!(await eventually(limitMs, () => missing.size === 0, 20)))
    throw new Error(`the log was not read to its end: ${[...missing.keys()].join(', ')}`);
  return records;
}

/** Partitions that hold anything, with their ends. */
async function endsOf(brokers: string): Promise<Map<string, number>> {
  const admin = plainKafka(brokers).admin();
  const ends = new Map<string, number>();
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    for (const topic of topics.map((each) => `${topicPrefix}${each}`)) {
      if (!there.has(topic)) continue;
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
        if (Number(high) > Number(low)) ends.set(`${topic} ${partition}`, Number(high));
    }
    return ends;
  } finally {
    await admin.disconnect();
  }
}

function toRecord(topic: string, partition: number, { offset, key, value, headers }: KafkaMessage): LogRecord {
  const name = topics.find((each) => topic === `${topicPrefix}${each}`) satisfies TopicName | undefined;
  if (name === undefined) throw new Error(`${topic} was not asked for`);
  return {
    ...{ topic: name, partition, offset: Number(offset), key: key?.toString() ?? null, headers: textHeaders(headers) },
    digest: value === null ? null : createHash('sha1').update(value).digest('base64'),
    text: value !== null && value.length <= textMaxBytes && value[0] === 0x7b ? value.toString() : null,
  };
}

function textHeaders(headers: IHeaders = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(Array.isArray(value) ? value.at(-1) : value)]),
  );
}
