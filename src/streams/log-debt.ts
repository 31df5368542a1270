/**
 * Whether the log still owes anything that it held when it was asked. It owes a transaction nothing once the anti-fraud group has passed all that was on the
 * transactions topic, and after that the settlement group all that was on the decisions topic: every commit comes after its effects, so whatever is PENDING then is lost.
 */
import type { Clock } from '../platform/clock.ts';
import type { EventLog, Offsets } from '../platform/event-log/event-log.ts';
import type { Topics } from './topics.ts';

export type LogDebtOptions = {
  readonly log: Pick<EventLog, 'ends' | 'committed'>;
  readonly topics: Topics;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal: AbortSignal;
  /** A group lags behind: nothing is re-sent while it does. */
  readonly onOwed?: (group: string) => void;
};

/** `wiped`: the log is another one by now, and what was asked about it means nothing. */
export type LogDebt = 'none' | 'wiped' | 'stopped';

/** Waits for as long as a group needs. Rejects with the Failure of a log that cannot be asked. */
export async function settledDebt(options: LogDebtOptions): Promise<LogDebt> {
  const { log, topics } = options;
  const opened: Sample = { topic: topics.transactions, ends: await log.ends(topics.transactions) };
  const screened = await passed(options, topics.antiFraudGroup, [opened]);
  if (screened !== 'none') return screened;
  const decided: Sample = { topic: topics.decisions, ends: await log.ends(topics.decisions) };
  return passed(options, topics.settlementGroup, [decided, opened]);
}

type Sample = { readonly topic: string; readonly ends: Offsets };

/** The group must pass the first sample; all of them must still be of this log, looked at after the group was. */
async function passed(
  options: LogDebtOptions,
  group: string,
  samples: readonly [Sample, ...Sample[]],
): Promise<LogDebt> {
  const { log, clock, signal, onOwed } = options;
  const [{ topic, ends }] = samples;
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(lastPauseMs, 2 * pauseMs)) {
    const committed = await log.committed(group, topic);
    for (const sample of samples) if (wentBack(sample.ends, await log.ends(sample.topic))) return 'wiped';
    if (hasPassed(ends, committed)) return 'none';
    onOwed?.(group);
    await clock.sleep(pauseMs, signal);
  }
  return 'stopped';
}

const firstPauseMs = 50;
const lastPauseMs = 1_000;

/** A group that never committed has passed an empty partition and no other. */
export function hasPassed(ends: Offsets, committed: Offsets): boolean {
  for (const [partition, end] of ends) if (end > 0n && (committed.get(partition) ?? -1n) < end) return false;
  return true;
}

/** Offsets only grow while a log lives. */
export function wentBack(before: Offsets, now: Offsets): boolean {
  for (const [partition, end] of before) if ((now.get(partition) ?? -1n) < end) return true;
  return false;
}
