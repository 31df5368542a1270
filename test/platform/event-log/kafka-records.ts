/** Records of any shape for the properties of Kafka's formats, and the parts of kafkajs that those are compared with. */
import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { NewRecord } from '../../../src/platform/event-log/event-log.ts';

const load = createRequire(import.meta.url);

/** Text of one, two, three and four bytes a character, and halves of pairs. */
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength }),
    fc.string({ unit: 'binary', maxLength }),
    fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength }),
  );

const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

const key: fc.Arbitrary<NewRecord['key']> = fc.oneof(text(80), bytes(80), fc.constant(null));

/** Lengths around every step of a varint: 63, 64, 8,191 and 8,192 bytes. */
const value: fc.Arbitrary<NewRecord['value']> = fc.oneof(
  text(200),
  bytes(200),
  fc.constant(null),
  fc.tuple(fc.constantFrom('a', 'é', '€'), fc.integer({ min: 8_100, max: 8_200 })).map(([one, n]) => one.repeat(n)),
);

const headers: fc.Arbitrary<NewRecord['headers']> = fc
  .array(fc.tuple(fc.oneof(text(50), fc.constantFrom('__proto__', 'toString')), fc.oneof(text(80), bytes(80))), {
    maxLength: 8,
  })
  .map((entries) => Object.fromEntries(entries));

export const anyRecord: fc.Arbitrary<NewRecord> = fc.record({ key, value, headers });
export const anyKey = key;
export const anyTimestamp: fc.Arbitrary<number> = fc.integer({ min: 1, max: Date.UTC(2100, 0, 1) });

type StockMessage = NewRecord & { readonly timestamp: number };

type StockProduce = (options: {
  readonly acks: -1;
  readonly timeout: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence: number;
      readonly messages: readonly StockMessage[];
    }[];
  }[];
}) => object;

const stockRequest: (options: {
  readonly correlationId: number;
  readonly clientId: string;
  readonly request: object;
}) => Promise<{ readonly buffer: Buffer }> = load('kafkajs/src/protocol/request');
const stockProduce: StockProduce = load('kafkajs/src/protocol/requests/produce/v7/request');

/** The whole request as kafkajs would write it to the socket. */
export async function stockFrame(
  correlationId: number,
  clientId: string,
  options: Parameters<StockProduce>[0],
): Promise<Buffer> {
  return (await stockRequest({ correlationId, clientId, request: stockProduce(options) })).buffer;
}

type StockPartitioner = (options: {
  readonly topic: string;
  readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
  readonly message: { readonly key: NewRecord['key'] };
}) => number;

export const stockPartitioner: () => StockPartitioner = load('kafkajs').Partitioners.DefaultPartitioner;
export const stockCrc32c: (bytes: Buffer) => number = load('kafkajs/src/protocol/recordBatch/crc32C');
