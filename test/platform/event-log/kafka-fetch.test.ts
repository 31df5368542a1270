/** What is read from Kafka is what kafkajs would read, from the same bytes: plain batches by us, everything else by kafkajs as ever. */
import { createRequire } from 'node:module';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { ByteWriter } from '../../../src/platform/event-log/byte-writer.ts';
import { decodeFetch } from '../../../src/platform/event-log/kafka-fetch.ts';
import { logRecords } from '../../../src/platform/event-log/kafka-record.ts';
import { readRecordSet } from '../../../src/platform/event-log/record-set.ts';
import { suite } from '../../support/suite.ts';
import { anyRecord, anyTimestamp } from './kafka-records.ts';
import type { Batch } from 'kafkajs';
import type { LogRecord } from '../../../src/platform/event-log/event-log.ts';

const test = suite('Kafka fetches');

type Encoder = { readonly buffer: Buffer };
type Header = string | Buffer;
type StockRecord = {
  readonly key: Header | null;
  readonly value: Header | null;
  /** An array is a header that is repeated. */
  readonly headers: Readonly<Record<string, Header | readonly Header[]>>;
};
type StockBatch = {
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  readonly lastOffsetDelta: number;
  readonly records: readonly Encoder[];
  readonly compression?: number;
  readonly transactional?: boolean;
  readonly producerId?: number;
};

const load = createRequire(import.meta.url);
const stockRecord: (record: StockRecord & { offsetDelta: number; timestampDelta: number }) => Encoder = load(
  'kafkajs/src/protocol/recordBatch/record/v0',
);
const stockBatch: (batch: StockBatch) => Promise<Encoder> = load('kafkajs/src/protocol/recordBatch/v0').RecordBatch;
const stockResponse: { readonly decode: (payload: Buffer) => Promise<Awaited<ReturnType<typeof decodeFetch>>> } = load(
  'kafkajs/src/protocol/requests/fetch/v11/response',
);
const KafkajsBatch: new (topic: string, from: string, data: object) => Batch = load('kafkajs/src/consumer/batch');

type Written = {
  readonly records: readonly (StockRecord & { readonly delayMs: number })[];
  readonly firstMs: number;
  readonly appendTime: boolean;
};

const plainRecord = fc.tuple(anyRecord, fc.integer({ min: -1_000, max: 2 ** 40 })).map(([record, delayMs]) => ({
  ...record,
  delayMs,
}));

/** With headers that are repeated, also by names that every object has. */
const repeating = fc
  .tuple(plainRecord, fc.constantFrom('__proto__', 'toString', 'twice', ''), fc.array(fc.string(), { maxLength: 3 }))
  .map(([record, name, values]) => ({
    ...record,
    headers: Object.fromEntries<Header | readonly Header[]>([...Object.entries(record.headers), [name, values]]),
  }));

const written: fc.Arbitrary<Written> = fc.record({
  records: fc.array(fc.oneof(plainRecord, repeating), { minLength: 1, maxLength: 6 }),
  firstMs: anyTimestamp,
  appendTime: fc.boolean(),
});

/** The bytes of a partition: batches one behind the other from an offset on. */
async function recordSet(batches: readonly Written[], from: bigint, more: Partial<StockBatch> = {}): Promise<Buffer> {
  const parts: Buffer[] = [];
  let offset = from;
  for (const { records, firstMs, appendTime } of batches) {
    const encoded = records.map(({ key, value, headers, delayMs }, offsetDelta) =>
      stockRecord({ key, value, headers, offsetDelta, timestampDelta: delayMs }),
    );
    const batch = {
      firstTimestamp: firstMs,
      maxTimestamp: firstMs + 5,
      lastOffsetDelta: records.length - 1,
      records: encoded,
      ...more,
    };
    const bytes = Buffer.from((await stockBatch(batch)).buffer);
    bytes.writeBigInt64BE(offset, 0);
    if (appendTime) bytes.writeInt16BE(bytes.readInt16BE(21) | 0x8, 21);
    offset += BigInt(records.length);
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

type Aborted = { readonly producerId: number; readonly firstOffset: number };

/** A fetch answer, version 11, for partitions 0, 1, … of one topic. */
function answer(sets: readonly Buffer[], aborted: readonly Aborted[] = []): Buffer {
  const into = new ByteWriter(64);
  into.int32(7); // Throttled.
  into.int16(0);
  into.int32(12);
  into.int32(1);
  into.string('topic');
  into.int32(sets.length);
  for (const [partition, set] of sets.entries()) {
    into.int32(partition);
    into.int16(0);
    into.int64(1_000_000);
    into.int64(999_999);
    into.int64(3);
    into.int32(aborted.length > 0 ? aborted.length : -1);
    for (const { producerId, firstOffset } of aborted) {
      into.int64(producerId);
      into.int64(firstOffset);
    }
    into.int32(-1);
    into.int32(set.length);
    for (const byte of set) into.int8(byte);
  }
  return into.written;
}

type Read = { readonly records: readonly LogRecord[]; readonly last: string };

/** What a consumer would be handed for each partition, and where it would go on. */
async function read(payload: Buffer, decode: typeof decodeFetch, from = '0'): Promise<readonly Read[]> {
  const { responses } = await decode(payload);
  return responses.flatMap(({ topicName, partitions }) =>
    partitions.map((partition) => {
      const batch = new KafkajsBatch(topicName, from, partition);
      return { records: logRecords(batch, 2n ** 63n), last: batch.lastOffset() };
    }),
  );
}

async function readsTheSame(payload: Buffer, from?: string): Promise<void> {
  assert.equal(await read(payload, decodeFetch, from), await read(payload, stockResponse.decode, from));
}

test('any batches are read as kafkajs reads them', async () => {
  const sets = fc.array(fc.array(written, { maxLength: 3 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(sets, fc.bigInt({ min: 0n, max: 2n ** 53n }), async (partitions, from) => {
      await readsTheSame(answer(await Promise.all(partitions.map((batches) => recordSet(batches, from)))));
    }),
    { numRuns: 200 },
  );
});

test('a batch that begins before the offset that was asked for is cut there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(written, { minLength: 1, maxLength: 3 }), fc.nat(), async (batches, some) => {
      const count = batches.reduce((sum, { records }) => sum + records.length, 0);
      await readsTheSame(answer([await recordSet(batches, 100n)]), `${100 + (some % count)}`);
    }),
    { numRuns: 100 },
  );
});

test('an answer that ends in the middle of a batch is read up to that batch', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(written, { minLength: 1, maxLength: 3 }), fc.nat(), async (batches, some) => {
      const set = await recordSet(batches, 0n);
      const cut = 17 + (some % (set.length - 17)); // kafkajs looks for the format behind the end of less.
      await readsTheSame(answer([set.subarray(0, cut)]));
    }),
    { numRuns: 200 },
  );
});

const some: Written = {
  firstMs: 1_700_000_000_000,
  appendTime: false,
  records: [
    { key: 'a', value: '1', headers: { one: 'x', two: ['y', 'z'] }, delayMs: 0 },
    { key: null, value: null, headers: {}, delayMs: 3 },
  ],
};

test('an empty partition has nothing', async () => {
  assert.equal(await read(answer([Buffer.alloc(0)]), decodeFetch), [{ records: [], last: '999999' }]);
});

test('plain batches are not left to kafkajs, and others are', async () => {
  const place = { topic: 'topic', partition: 0 };
  assert.is(readRecordSet(place, await recordSet([some, some], 0n))?.length, 2);
  assert.is(readRecordSet(place, await recordSet([some], 0n, { compression: 1 })), undefined);
  assert.is(readRecordSet(place, await recordSet([some], 0n, { transactional: true })), undefined);
});

test('the rest of the answer is what kafkajs makes of it', async () => {
  const payload = answer([await recordSet([some], 0n, { compression: 1 })], [{ producerId: 5, firstOffset: 3 }]);
  assert.equal(await decodeFetch(payload), await stockResponse.decode(payload));
});

test('compressed batches and those of transactions are read, and control records and what was aborted are not handed on', async () => {
  const plain = await recordSet([some], 0n);
  const compressed = await recordSet([some], 2n, { compression: 1 });
  await readsTheSame(answer([Buffer.concat([plain, compressed])]));
  const begun = await recordSet([some], 2n, { transactional: true, producerId: 5 });
  const marker = await recordSet(
    [{ ...some, records: [{ key: Buffer.alloc(4), value: Buffer.alloc(6), headers: {}, delayMs: 0 }] }],
    4n,
    { transactional: true, producerId: 5 },
  );
  marker.writeInt16BE(marker.readInt16BE(21) | 0x20, 21);
  const payload = answer([Buffer.concat([plain, begun, marker])], [{ producerId: 5, firstOffset: 2 }]);
  await readsTheSame(payload);
  const [got] = await read(payload, decodeFetch);
  assert.equal([got?.records.length, got?.last], [2, '4']);
  const [committed] = await read(answer([Buffer.concat([plain, begun, marker])]), decodeFetch);
  assert.equal([committed?.records.length, committed?.last], [4, '4']);
});

test('a header without a value is empty', () => {
  const body = new ByteWriter(64);
  for (const value of [0, 0, 0, 1, 1, 2]) body.int8(value); // Attributes, timestamp, offset, no key, no value, one header …
  body.varBytes('name');
  body.varBytes(null);
  const into = new ByteWriter(64);
  into.int64(9);
  into.int32(49 + 1 + body.at);
  into.int32(0);
  into.int8(2);
  into.int32(0);
  into.int16(0);
  into.int32(0);
  for (const long of [1, 1, -1]) into.int64(long);
  into.int16(0);
  into.int32(0);
  into.int32(1);
  into.varBytes(Buffer.from(body.written));
  const [batch] = readRecordSet({ topic: 'topic', partition: 0 }, into.written) ?? [];
  assert.equal(batch?.records[0]?.headers, new Map([['name', Buffer.alloc(0)]]));
  assert.is(batch?.lastOffset, 9n);
});

test('a batch whose records were all cleaned away moves on to its end', async () => {
  const set = await recordSet([some], 10n);
  set.writeInt32BE(0, 57);
  const head = set.subarray(0, 61);
  head.writeInt32BE(49, 8);
  assert.equal(await read(answer([head]), decodeFetch, '10'), [{ records: [], last: '11' }]);
});

test.run();
