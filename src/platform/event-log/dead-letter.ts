/** What a dead letter says: the record as it came, and, in headers that are taken off here, where it came from and why it was set aside. */
import { createHash } from 'node:crypto';

import type { LogRecord, NewRecord } from './event-log.ts';

export type DeadLetter = {
  /** Where it lies now. */
  readonly place: LetterPlace;
  /** The same for the same letter only: offsets begin again where the log was wiped. */
  readonly fingerprint: string;
  readonly origin: LetterOrigin;
  readonly cause: string;
  readonly attempts: number;
  readonly setAsideAtMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** How long the value was, where the log would not take it a second time and it is lost. */
  readonly lostValueBytes: number | undefined;
  /** As they came. */
  readonly headers: ReadonlyMap<string, Buffer>;
};

export type LetterPlace = { readonly topic: string; readonly partition: number; readonly offset: bigint };

/** The topic is certain; the rest is undefined where the headers do not say it. */
export type LetterOrigin = {
  readonly topic: string;
  readonly partition: number | undefined;
  readonly offset: bigint | undefined;
};

const prefix = 'verdict-dead-';

/** The topic that it came from is told by the topic that it lies on, and not by a header that anybody could write. */
export function readDeadLetter(record: LogRecord, originTopic: string): DeadLetter {
  const { topic, partition, offset, key, value, timestampMs } = record;
  const told = (name: string): string => record.headers.get(`${prefix}${name}`)?.toString() ?? '';
  const count = (name: string): bigint | undefined => (/^\d{1,18}$/.test(told(name)) ? BigInt(told(name)) : undefined);
  const at = Date.parse(told('at'));
  return {
    place: { topic, partition, offset },
    fingerprint: fingerprintOf(record),
    origin: { topic: originTopic, partition: asNumber(count('partition')), offset: count('offset') },
    cause: /^[a-z_]{1,40}$/.test(told('cause')) ? told('cause') : 'unknown',
    attempts: asNumber(count('attempts')) ?? 1,
    setAsideAtMs: Number.isNaN(at) ? timestampMs : at,
    key,
    value,
    lostValueBytes: asNumber(count('value-bytes')),
    headers: new Map([...record.headers].filter(([name]) => !name.startsWith(prefix))),
  };
}

/** The record that was set aside, to be appended to where it came from. */
export function originalOf({ key, value, headers }: DeadLetter): NewRecord {
  return { key, value, headers: Object.fromEntries(headers) };
}

function asNumber(count: bigint | undefined): number | undefined {
  return count === undefined ? undefined : Number(count);
}

function fingerprintOf({ timestampMs, key, value, headers }: LogRecord): string {
  const hash = createHash('sha256').update(`${timestampMs}`);
  const parts = [key, value, ...[...headers].flatMap(([name, header]) => [Buffer.from(name), header])];
  // Lengths keep apart what would otherwise run together.
  for (const part of parts) hash.update(`/${part?.length ?? 'null'}/`).update(part ?? '');
  return hash.digest('hex');
}
