/** What is sent to Kafka is what kafkajs would send, byte for byte, and to the partitions that it would choose. */
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { ByteWriter } from '../../../src/platform/event-log/byte-writer.ts';
import { crc32c } from '../../../src/platform/event-log/crc32c.ts';
import { createPartitioner, partitionOf } from '../../../src/platform/event-log/partitioner.ts';
import { writeProduceRequest } from '../../../src/platform/event-log/produce-request.ts';
import { suite } from '../../support/suite.ts';
import { anyKey, anyRecord, anyTimestamp, stockCrc32c, stockFrame, stockPartitioner } from './kafka-records.ts';
import type { NewRecord } from '../../../src/platform/event-log/event-log.ts';

const test = suite('Kafka produce requests');

type Sent = {
  readonly timestampMs: number;
  readonly topics: readonly { readonly topic: string; readonly shares: readonly (readonly NewRecord[])[] }[];
};

async function stock({ topics, timestampMs }: Sent): Promise<Buffer> {
  const topicData = topics.map(({ topic, shares }) => ({
    topic,
    partitions: shares.map((records, partition) => ({
      partition,
      firstSequence: 0,
      messages: records.map((record) => ({ ...record, timestamp: timestampMs })),
    })),
  }));
  const options = { acks: -1, timeout: 5_000, producerId: -1, producerEpoch: 0, topicData } as const;
  return stockFrame(7, 'client', options);
}

function ours({ topics, timestampMs }: Sent, capacity: number): Buffer {
  const into = new ByteWriter(capacity);
  const data = topics.map(({ topic, shares }) => ({
    topic,
    partitions: shares.map((records, partition) => ({ partition, records })),
  }));
  const head = { apiVersion: 7, correlationId: 7, clientId: 'client' };
  writeProduceRequest(into, head, { timeoutMs: 5_000, timestampMs, topics: data });
  return into.written;
}

const records = fc.array(anyRecord, { minLength: 1, maxLength: 12 });
const topics = fc.array(
  fc.record({ topic: fc.string({ maxLength: 60 }), shares: fc.array(records, { minLength: 1, maxLength: 4 }) }),
  { minLength: 1, maxLength: 3 },
);

test('a request is the same to the byte, however little room it is given at first', async () => {
  const sent = fc.record({ timestampMs: anyTimestamp, topics });
  await fc.assert(
    fc.asyncProperty(sent, fc.nat(20_000), async (one, capacity) => {
      assert.ok((await stock(one)).equals(ours(one, capacity)));
    }),
    { numRuns: 150 },
  );
});

test('a batch of a thousand records is the same to the byte', async () => {
  const many = Array.from({ length: 1_000 }, (_, index) => ({
    key: `${index}`,
    value: 'é'.repeat(index % 140),
    headers: { 'content-type': 'application/json', n: 'x'.repeat(index % 70) },
  }));
  const sent = { timestampMs: 1_700_000_000_000, topics: [{ topic: 'many', shares: [many] }] };
  assert.ok((await stock(sent)).equals(ours(sent, 0)));
});

test('the checksum of any stretch is that of kafkajs, and that of the standard', () => {
  assert.is(crc32c(Buffer.from('123456789')), 0xe306_9283);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(40), (array, from) => {
      const whole = Buffer.from(array);
      const start = Math.min(from, whole.length);
      assert.is(crc32c(whole, start), stockCrc32c(whole.subarray(start)));
    }),
  );
});

test('a key goes to the partition where kafkajs puts it', () => {
  const choose = stockPartitioner();
  fc.assert(
    fc.property(anyKey, fc.integer({ min: 1, max: 50 }), (key, count) => {
      if (key === null) return;
      const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 0 }));
      assert.is(partitionOf(key, count), choose({ topic: 'topic', partitionMetadata, message: { key } }));
    }),
    { numRuns: 2_000 },
  );
});

test('records without a key take turns on the partitions that have a leader', () => {
  const partitioner = createPartitioner(() => 0.5);
  const partitions = { count: 4, available: [0, 1, 3] };
  const chosen = Array.from({ length: 30 }, () => partitioner('topic', null, partitions));
  assert.equal(new Set(chosen.slice(0, 3)), new Set([0, 1, 3]));
  assert.equal(chosen.slice(0, 27), chosen.slice(3));
});

test.run();
