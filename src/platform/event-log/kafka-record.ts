/** Turns what kafkajs read into a record of the port, whatever its headers are called. */
import type { KafkaMessage } from 'kafkajs';
import type { LogRecord } from './event-log.ts';

export function logRecord(
  { topic, partition }: Pick<LogRecord, 'topic' | 'partition'>,
  message: KafkaMessage,
): LogRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    timestampMs: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: new Map(Object.entries(message.headers ?? {}).map(([name, value]) => [name, lastOf(value)])),
  };
}

type Header = Buffer | string | (Buffer | string)[] | undefined;

/** kafkajs gathers repeated headers in an array, and takes what an object inherits (`__proto__`, `toString`) for a first one: the last is always a real one. */
function lastOf(header: Header): Buffer {
  const last = Array.isArray(header) ? header.at(-1) : header;
  if (last === undefined || last === null) return Buffer.alloc(0);
  return Buffer.isBuffer(last) ? last : Buffer.from(last);
}
