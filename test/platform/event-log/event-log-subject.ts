/** The log under test, and the few things that every test of the contract does with it. */
import type { EventLog, LogRecord, NewRecord } from '../../../src/platform/event-log/event-log.ts';

export type EventLogSubject = {
  readonly log: () => EventLog;
  /** A name that no other test uses. */
  readonly freshName: () => string;
  /** How long a group may take to form or to change. */
  readonly limitMs: number;
};

export type ContractTest = (title: string, body: () => void | Promise<void>) => void;

export async function freshTopic({ log, freshName }: EventLogSubject, partitions: number): Promise<string> {
  const name = freshName();
  await log().ensureTopics([{ name, partitions, replication: 1, retentionMs: -1 }]);
  return name;
}

export function record(key: string, value: string): NewRecord {
  return { key, value, headers: {} };
}

/** Keys and values count up from `from`. */
export function numbered(count: number, from = 0): readonly NewRecord[] {
  return Array.from({ length: count }, (_, index) => record(`${from + index}`, `${from + index}`));
}

/** For `within`: the records once there are as many. */
export function atLeast(count: number, records: readonly LogRecord[]): readonly LogRecord[] | undefined {
  return records.length >= count ? records : undefined;
}
