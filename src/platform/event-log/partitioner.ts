/**
 * Chooses partitions as kafkajs 2.2.4 and Kafka's own clients do, so that a key stays where it is whoever sends it: murmur2 of the key's bytes, modulo their number;
 * records without a key take turns. In 32-bit arithmetic, where kafkajs goes through 64-bit objects.
 */
import type { NewRecord } from './event-log.ts';

export type Partitioner = (topic: string, key: NewRecord['key'], partitions: Partitions) => number;

export type Partitions = {
  readonly count: number;
  /** Those that have a leader, or all of them where none has. */
  readonly available: readonly number[];
};

/** `fraction` gives where the turns begin. */
export function createPartitioner(fraction: () => number): Partitioner {
  const turns = new Map<string, number>();
  return (topic, key, { count, available }) => {
    if (key !== null) return partitionOf(key, count);
    const turn = (turns.get(topic) ?? Math.floor(fraction() * 0x8000_0000)) + 1;
    turns.set(topic, turn);
    return available[turn % available.length] ?? 0;
  };
}

export function partitionOf(key: string | Buffer, count: number): number {
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fff_ffff) % count;
}

/** Austin Appleby's MurmurHash2 with the seed that Kafka's clients use, as a signed number. */
function murmur2(bytes: Buffer): number {
  const { length } = bytes;
  const whole = length & ~3;
  let hash = 0x9747_b28c ^ length;
  for (let at = 0; at < whole; at += 4) {
    const mixed = Math.imul(bytes.readInt32LE(at), factor);
    hash = Math.imul(hash, factor) ^ Math.imul(mixed ^ (mixed >>> 24), factor);
  }
  for (let at = length - 1; at >= whole; at -= 1) hash ^= bytes.readUInt8(at) << (8 * (at - whole));
  if (whole < length) hash = Math.imul(hash, factor);
  hash = Math.imul(hash ^ (hash >>> 13), factor);
  return hash ^ (hash >>> 15);
}

const factor = 0x5bd1_e995;
