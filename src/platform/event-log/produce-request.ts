/** A produce request, versions 3 to 7, as it goes over the wire: acknowledged by every replica in sync, outside any transaction. */
import type { ByteWriter } from './byte-writer.ts';
import { writeRecordBatch } from './record-batch.ts';
import type { NewRecord } from './event-log.ts';

export type ProduceRequest = {
  readonly timeoutMs: number;
  readonly topics: readonly TopicData[];
  readonly timestampMs: number;
};

export type TopicData = {
  readonly topic: string;
  readonly partitions: { readonly partition: number; readonly records: readonly NewRecord[] }[];
};

export type RequestHead = { readonly apiVersion: number; readonly correlationId: number; readonly clientId: string };

export const produceKey = 0;

export function writeProduceRequest(into: ByteWriter, head: RequestHead, request: ProduceRequest): void {
  const length = into.skip32();
  into.int16(produceKey);
  into.int16(head.apiVersion);
  into.int32(head.correlationId);
  into.string(head.clientId);
  writeBody(into, request);
  into.setUint32(length, into.at - length - 4);
}

function writeBody(into: ByteWriter, { timeoutMs, topics, timestampMs }: ProduceRequest): void {
  into.int16(-1); // No transaction.
  into.int16(-1); // All replicas in sync.
  into.int32(timeoutMs);
  into.int32(topics.length);
  for (const { topic, partitions } of topics) {
    into.string(topic);
    into.int32(partitions.length);
    for (const { partition, records } of partitions) {
      into.int32(partition);
      const length = into.skip32();
      writeRecordBatch(into, records, timestampMs);
      into.setUint32(length, into.at - length - 4);
    }
  }
}
