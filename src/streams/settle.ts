/**
 * The settlement pipeline: every decision on the log reaches its transaction, durably, before the record is committed. Repeats change nothing, here or in the
 * database. A decision about a transaction that the database surely does not have is poison; while the database is away nothing is sure, and it waits.
 */
import type { Observable } from 'rxjs';
import { of } from 'rxjs';

import { afterThisTick } from '../platform/batching/batch-while-busy.ts';
import type { ConsumingOptions } from './consuming.ts';
import { deadLettersOf, dedupOf, retryOf } from './consuming.ts';
import { readRecord } from './envelope.ts';
import type { Envelope } from './envelope.ts';
import { decisionMade } from './event-kinds.ts';
import type { DeliveredDecision } from './event-kinds.ts';
import { collect } from './operators/collect.ts';
import { deadLetter, setAside } from './operators/dead-letter.ts';
import type { DeadLetter } from './operators/dead-letter.ts';
import { dedup } from './operators/dedup.ts';
import { fromLog } from './operators/from-log.ts';
import { retried, withRetry } from './operators/with-retry.ts';

export type SettleOptions = ConsumingOptions & {
  /** Answers in the order of the decisions, after the commit. Rejects with a retryable Failure where any of them may not be durable: all are handed in again. */
  readonly settle: (decisions: readonly DeliveredDecision[]) => Promise<readonly SettleOutcome[]>;
};

export type SettleOutcome = 'settled' | 'unchanged' | 'unknown' | 'refused';

type Decided = Envelope<DeliveredDecision>;

/** Emits what was delivered, batch by batch. */
export function settle(options: SettleOptions): Observable<readonly Decided[]> {
  const { log, topics, clock, batching, signal } = options;
  const repeats = dedupOf<Decided>(options, 'settled');
  return fromLog(log, { topic: topics.decisions, group: topics.settlementGroup, signal }).pipe(
    withRetry(retryOf(options)),
    collect({ ...batching, start: afterThisTick, scheduler: clock.scheduler }, (records) =>
      of(records).pipe(
        deadLetter(deadLettersOf(options), (record) => readRecord(decisionMade, record)),
        dedup(repeats, (fresh) => deliver(options, fresh)),
      ),
    ),
  );
}

async function deliver(options: SettleOptions, fresh: readonly Decided[]): Promise<readonly Decided[]> {
  options.hooks?.onBatch?.(fresh.length);
  const outcomes = await retried(retryOf(options), () => options.settle(fresh.map(({ value }) => value)));
  if (outcomes.length !== fresh.length)
    throw new Error(`${fresh.length} decisions delivered, ${outcomes.length} answered`);
  const letters = fresh.flatMap(({ record }, index) => toLetter(record, outcomes[index]));
  await setAside(deadLettersOf(options), letters);
  return fresh.filter((_, index) => outcomes[index] === 'settled' || outcomes[index] === 'unchanged');
}

function toLetter(record: DeadLetter['record'], outcome: SettleOutcome | undefined): readonly DeadLetter[] {
  switch (outcome) {
    case 'unknown':
      return [{ record, cause: 'unknown_transaction', attempts: 1 }];
    case 'refused':
      return [{ record, cause: 'refused', attempts: 1 }];
    case 'settled':
    case 'unchanged':
    case undefined:
      return [];
  }
}
