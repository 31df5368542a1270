/**
 * Sets poison aside on `<topic>.dead`, with its bytes, key and headers as they came, its place and its cause, and passes the rest on.
 * Only when the dead letter is durable does the record count as handled; a log that is away is waited for.
 */
import type { OperatorFunction } from 'rxjs';
import { concatMap } from 'rxjs';

import type { EventLog, LogRecord, NewRecord } from '../../platform/event-log/event-log.ts';
import { Failure } from '../../platform/failure.ts';
import type { Poison, PoisonCause } from '../poison.ts';
import { deadTopic } from '../topics.ts';
import { retried } from './with-retry.ts';
import type { RetryOptions } from './with-retry.ts';

export type DeadLetterOptions = {
  readonly log: Pick<EventLog, 'append'>;
  readonly now: () => number;
  readonly retry: RetryOptions;
  readonly onDeadLetter?: ((topic: string, cause: PoisonCause) => void) | undefined;
};

export type DeadLetter = { readonly record: LogRecord; readonly cause: PoisonCause; readonly attempts: number };

export function deadLetter<Out extends { readonly type: string }>(
  options: DeadLetterOptions,
  parse: (record: LogRecord) => Out | Poison,
): OperatorFunction<readonly LogRecord[], readonly Out[]> {
  return concatMap(async (records) => {
    const good: Out[] = [];
    const letters: DeadLetter[] = [];
    for (const record of records) {
      const parsed = parse(record);
      if (isPoison(parsed)) letters.push({ record, cause: parsed.cause, attempts: 1 });
      else good.push(parsed);
    }
    await setAside(options, letters);
    return good;
  });
}

/** Resolves when all the letters are durable. */
export async function setAside(options: DeadLetterOptions, letters: readonly DeadLetter[]): Promise<void> {
  for (const [topic, ofTopic] of Map.groupBy(letters, ({ record }) => record.topic)) {
    const records = ofTopic.map((letter) => toRecord(letter, options.now()));
    await appendAll(options, deadTopic(topic), records);
    for (const { cause } of ofTopic) options.onDeadLetter?.(topic, cause);
  }
}

/** A log that refuses the letters together gets them one by one, and one that it refuses alone (grown too large by its headers) without its value. */
async function appendAll(options: DeadLetterOptions, topic: string, records: readonly NewRecord[]): Promise<void> {
  try {
    await retried(options.retry, () => options.log.append(topic, records));
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'event_log_refused') throw error;
    const [only] = records;
    if (records.length > 1) for (const record of records) await appendAll(options, topic, [record]);
    else if (only !== undefined && only.value !== null) await appendAll(options, topic, [withoutValue(only)]);
    else throw error;
  }
}

function toRecord({ record, cause, attempts }: DeadLetter, nowMs: number): NewRecord {
  return {
    key: record.key,
    value: record.value,
    headers: Object.fromEntries([
      ...record.headers,
      ['verdict-dead-topic', record.topic],
      ['verdict-dead-partition', record.partition.toString()],
      ['verdict-dead-offset', record.offset.toString()],
      ['verdict-dead-cause', cause],
      ['verdict-dead-attempts', attempts.toString()],
      ['verdict-dead-at', new Date(nowMs).toISOString()],
    ]),
  };
}

function withoutValue(record: NewRecord): NewRecord {
  const bytes = Buffer.byteLength(record.value ?? '');
  return { ...record, value: null, headers: { ...record.headers, 'verdict-dead-value-bytes': bytes.toString() } };
}

function isPoison(parsed: { readonly type: string }): parsed is Poison {
  return parsed.type === 'poison';
}
