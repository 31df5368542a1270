/**
 * Writes records as one batch of Kafka's format 2 (KIP-98), byte for byte as kafkajs 2.2.4 does without an idempotent producer, compression or transactions: in one
 * pass into one buffer, where kafkajs makes a zeroed buffer of 512 bytes for each record and each header, and an array and a buffer for each length.
 */
import { crc32c } from './crc32c.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { NewRecord } from './event-log.ts';

/** `timestampMs` is that of all of them. */
export function writeRecordBatch(into: ByteWriter, records: readonly NewRecord[], timestampMs: number): void {
  into.int64(0); // The broker gives the first offset.
  const length = into.skip32();
  into.int32(0); // Its leader's epoch, which the broker sets.
  into.int8(magic);
  const checksum = into.skip32();
  const checked = into.at;
  into.int16(0); // Neither compressed nor in a transaction; the timestamp is the sender's.
  into.int32(records.length - 1);
  into.int64(timestampMs);
  into.int64(timestampMs);
  into.int64(-1); // No producer id, so neither epoch nor sequence.
  into.int16(0);
  into.int32(0);
  into.int32(records.length);
  let likely = 0x40;
  for (let index = 0; index < records.length; index += 1) likely = writeRecord(into, records[index], index, likely);
  into.setUint32(length, into.at - length - 4);
  into.setUint32(checksum, crc32c(into.written, checked));
}

const magic = 2;

/** Answers its length: that of the next one is likely to take as many bytes. */
function writeRecord(into: ByteWriter, record: NewRecord | undefined, index: number, likely: number): number {
  if (record === undefined) return likely;
  const { key, value, headers } = record;
  const start = into.open(likely);
  into.int8(0); // No attributes.
  into.varint(0); // After the batch's timestamp.
  into.varint(index);
  into.varBytes(key);
  into.varBytes(value);
  const names = Object.keys(headers);
  into.varint(names.length);
  for (const name of names) {
    into.varBytes(name);
    into.varBytes(headers[name] ?? null);
  }
  return into.close(start, likely);
}
