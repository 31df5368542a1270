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
    await appendAll(options, { topic: deadTopic(topic), records, reductions: [withoutValue, bare] });
    for (const { cause } of ofTopic) options.onDeadLetter?.(topic, cause);
  }
}

type Letters = {
  readonly topic: string;
  readonly records: readonly NewRecord[];
  /** What may still be left out of a letter that is refused alone. */
  readonly reductions: readonly ((letter: NewRecord) => NewRecord)[];
};

/**
 * A log that refuses the letters together gets them one by one, and one that it refuses alone (grown too large by its headers) without its value, and then with
 * nothing but where it was: a letter that cannot be written would stop its partition for ever.
 */
async function appendAll(options: DeadLetterOptions, { topic, records, reductions }: Letters): Promise<void> {
  try {
    await retried(options.retry, () => options.log.append(topic, records));
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'event_log_refused') throw error;
    const [only] = records;
    const [reduce, ...left] = reductions;
    if (records.length > 1)
      for (const record of records) await appendAll(options, { topic, records: [record], reductions });
    else if (only !== undefined && reduce !== undefined)
      await appendAll(options, { topic, records: [reduce(only)], reductions: left });
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
  if (record.value === null) return record;
  const bytes = Buffer.byteLength(record.value);
  return { ...record, value: null, headers: { ...record.headers, 'verdict-dead-value-bytes': bytes.toString() } };
}

/** Without its key and its own headers, too; the record may still lie where it was. */
function bare({ headers }: NewRecord): NewRecord {
  const told = Object.entries(headers).filter(
    ([name, header]) => ownHeaders.has(name) && header.length <= topicMaxBytes,
  );
  return { key: null, value: null, headers: Object.fromEntries([...told, ['verdict-dead-bare', 'true']]) };
}

/** What this file adds, none longer than the name of a topic may be. */
const ownHeaders: ReadonlySet<string> = new Set(
  ['topic', 'partition', 'offset', 'cause', 'attempts', 'at', 'value-bytes'].map((name) => `verdict-dead-${name}`),
);
const topicMaxBytes = 249;

function isPoison(parsed: { readonly type: string }): parsed is Poison {
  return parsed.type === 'poison';
}
