/** Turns what kafkajs fetched into records of the port, whatever their headers are called. */
import type { Batch, KafkaMessage } from 'kafkajs';
import type { LogRecord } from './event-log.ts';
import type { BatchMessage } from './kafka-fetch.ts';

/**
 * The records of a fetched batch from the offset on that was asked for: batches of the log come whole, also where they begin before it.
 * Those that were read plainly are fresh from the given offset on.
 */
export function logRecords(batch: Batch, freshFrom: bigint): readonly LogRecord[] {
  const from = fetchedFrom(batch);
  const records: LogRecord[] = [];
  for (const message of batch.messages) {
    if (!isBatchMessage(message)) records.push(logRecord(batch, message));
    else {
      for (const record of message.records) {
        if (record.offset < from) continue;
        records.push(record.offset < freshFrom ? record : Object.assign(record, { fresh: true as const }));
      }
    }
  }
  return records;
}

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

/** kafkajs remembers it, and does not say so in its types. */
function fetchedFrom(batch: Batch): bigint {
  if ('fetchedOffset' in batch && typeof batch.fetchedOffset === 'string') return BigInt(batch.fetchedOffset);
  throw new Error('this kafkajs does not tell from where it fetched');
}

function isBatchMessage(message: KafkaMessage | BatchMessage): message is BatchMessage {
  return 'records' in message;
}

type Header = Buffer | string | (Buffer | string)[] | undefined;

/** kafkajs gathers repeated headers in an array, and takes what an object inherits (`__proto__`, `toString`) for a first one: the last is always a real one. */
function lastOf(header: Header): Buffer {
  const last = Array.isArray(header) ? header.at(-1) : header;
  if (last === undefined || last === null) return Buffer.alloc(0);
  return Buffer.isBuffer(last) ? last : Buffer.from(last);
}
