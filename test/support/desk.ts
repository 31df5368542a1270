/** A desk for dead letters over an event log in memory, and ways to set records aside as the pipelines do. */
import { MemoryOperatorActions } from './memory-operator-actions.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { systemEntropy } from '../../src/platform/entropy.ts';
import { EmbeddedEventLog } from '../../src/platform/event-log/embedded.ts';
import type { EventLog, LogRecord } from '../../src/platform/event-log/event-log.ts';
import { DeadLetterDesk } from '../../src/streams/dead-letters/dead-letter-desk.ts';
import { setAside } from '../../src/streams/operators/dead-letter.ts';
import type { PoisonCause } from '../../src/streams/poison.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';

export const topics = topicNames('t.');

export type Desk = {
  readonly desk: DeadLetterDesk;
  readonly log: EmbeddedEventLog;
  readonly actions: MemoryOperatorActions;
};

export type DeskOptions = {
  readonly actions?: MemoryOperatorActions;
  /** What the desk sees of the log. */
  readonly around?: (log: EventLog) => Pick<EventLog, 'append' | 'ends' | 'read'>;
};

export async function openDesk({ actions = new MemoryOperatorActions(), around }: DeskOptions = {}): Promise<Desk> {
  const log = new EmbeddedEventLog({ clock: systemClock });
  await log.ensureTopics(
    topicSpecs(topics, { partitions: 2, replication: 1, retentionMs: -1, deadLetterRetentionMs: -1 }),
  );
  const desk = new DeadLetterDesk({ log: around?.(log) ?? log, actions, topics, clock: systemClock });
  return { desk, log, actions };
}

export type Poisoned = Partial<LogRecord> & { readonly cause?: PoisonCause; readonly atMs?: number };

let offsets = 0n;

/** Sets one record aside; its key, value and headers are given or made up. */
export async function poisoned(
  log: EventLog,
  { cause = 'bad_json', atMs, ...changes }: Poisoned = {},
): Promise<LogRecord> {
  offsets += 1n;
  const record: LogRecord = {
    ...{ topic: topics.transactions, partition: 1, offset: offsets, timestampMs: 0 },
    key: Buffer.from(`key-${offsets}`),
    value: Buffer.from('{'),
    headers: new Map([['ce_id', Buffer.from(`${offsets}`)]]),
    ...changes,
  };
  const retry = { clock: systemClock, entropy: systemEntropy, firstMs: 1, maxMs: 1 };
  const options = { log, now: () => atMs ?? systemClock.now(), retry };
  await setAside(options, [{ record, cause, attempts: 1 }]);
  return record;
}
