/** Reads what a fetch answers for one partition: batches of Kafka's format 2 as the port's records, in one pass and without a copy. */
import { ByteReader } from './byte-reader.ts';
import { HeaderNames } from './header-names.ts';
import type { LogRecord } from './event-log.ts';

export type ReadBatch = {
  /** The last that the batch covers, whether or not its record is still there. */
  readonly lastOffset: bigint;
  readonly records: readonly LogRecord[];
};

type Place = Pick<LogRecord, 'topic' | 'partition'>;

/**
 * A batch that was cut off at the end is left out: it comes again. Undefined where a batch is not plain (compressed, in a transaction, a control batch, an older format):
 * nobody here writes those, and kafkajs reads them.
 */
export function readRecordSet(place: Place, set: Buffer): readonly ReadBatch[] | undefined {
  const reader = new ByteReader(set);
  const names = new HeaderNames(set);
  const batches: ReadBatch[] = [];
  while (reader.left >= headBytes) {
    const start = reader.at;
    const end = start + 12 + set.readInt32BE(start + 8);
    if (set.readInt8(start + 16) !== 2 || (set.readInt16BE(start + 21) & ~appendTime) !== 0) return undefined;
    if (end > set.length) break;
    batches.push(readBatch(place, reader, names));
    reader.moveTo(end);
  }
  return batches;
}

/** All before the records. */
const headBytes = 61;
/** The attribute of a batch whose timestamps are the broker's. */
const appendTime = 0x8;

function readBatch(place: Place, reader: ByteReader, names: HeaderNames): ReadBatch {
  const baseOffset = reader.int64();
  reader.moveTo(reader.at + 4 + 4 + 1 + 4); // Length, epoch, format and checksum: TCP has one, too.
  const attributes = reader.int16();
  const lastOffset = baseOffset + BigInt(reader.int32());
  const firstTimestampMs = Number(reader.int64());
  const lastTimestampMs = Number(reader.int64());
  reader.moveTo(reader.at + 8 + 2 + 4); // The producer's id, epoch and sequence.
  const count = reader.int32();
  const appendedAtMs = (attributes & appendTime) === 0 ? undefined : lastTimestampMs;
  const batch: Batch = { ...place, baseOffset, firstTimestampMs, appendedAtMs };
  const records: LogRecord[] = [];
  for (let index = 0; index < count; index += 1) records.push(readRecord(batch, reader, names));
  return { lastOffset, records };
}

type Batch = Place & {
  readonly baseOffset: bigint;
  readonly firstTimestampMs: number;
  readonly appendedAtMs: number | undefined;
};

function readRecord(batch: Batch, reader: ByteReader, names: HeaderNames): LogRecord {
  const length = reader.varint();
  const end = reader.at + length;
  reader.moveTo(reader.at + 1); // No attributes are in use.
  const timestampMs = batch.firstTimestampMs + reader.varlong();
  const offset = batch.baseOffset + BigInt(reader.varint());
  const key = reader.varBytes();
  const value = reader.varBytes();
  const headers = new Map<string, Buffer>();
  const count = reader.varint();
  for (let index = 0; index < count; index += 1) {
    const name = names.read(reader, index);
    headers.set(name, reader.varBytes() ?? empty);
  }
  reader.moveTo(end);
  const { topic, partition, appendedAtMs } = batch;
  return { topic, partition, offset, timestampMs: appendedAtMs ?? timestampMs, key, value, headers };
}

const empty = Buffer.alloc(0);
