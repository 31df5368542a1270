/**
 * The anti-fraud pipeline: every opened transaction on the log is judged, and its decision is on the log before the record is committed.
 * A repeat is judged once for as long as the key store remembers it; poison goes to its dead letters, and the partition moves on.
 */
import type { Observable } from 'rxjs';
import { of } from 'rxjs';

import { afterThisTick } from '../platform/batching/batch-while-busy.ts';
import type { NewRecord } from '../platform/event-log/event-log.ts';
import type { ConsumingOptions } from './consuming.ts';
import { deadLettersOf, dedupOf, retryOf } from './consuming.ts';
import { readRecord, writeRecord } from './envelope.ts';
import type { Envelope } from './envelope.ts';
import { decisionEventId } from './event-ids.ts';
import { decisionMade, transactionOpened } from './event-kinds.ts';
import type { AnnouncedTransaction, RulesDecision } from './event-kinds.ts';
import { collect } from './operators/collect.ts';
import { deadLetter, setAside } from './operators/dead-letter.ts';
import type { DeadLetter } from './operators/dead-letter.ts';
import { dedup } from './operators/dedup.ts';
import { fromLog } from './operators/from-log.ts';
import { retried, withRetry } from './operators/with-retry.ts';

export type ScreenOptions = ConsumingOptions & {
  readonly judge: (opened: AnnouncedTransaction) => Judgement;
};

export type Judgement = Pick<RulesDecision, 'outcome' | 'reasons' | 'ruleset'>;

type Opened = Envelope<AnnouncedTransaction>;

/** Emits what was decided, batch by batch. */
export function screen(options: ScreenOptions): Observable<readonly Opened[]> {
  const { log, topics, clock, batching, signal } = options;
  const letters = deadLettersOf(options);
  const repeats = dedupOf<Opened>(options, 'screened');
  return fromLog(log, { topic: topics.transactions, group: topics.antiFraudGroup, signal }).pipe(
    withRetry(retryOf(options)),
    collect({ ...batching, start: afterThisTick, scheduler: clock.scheduler }, (records) =>
      of(records).pipe(
        deadLetter(letters, (record) => readRecord(transactionOpened, record)),
        dedup(repeats, (fresh) => decide(options, fresh)),
      ),
    ),
  );
}

/** Judged once, appended until it works: a decision does not change its mind in an outage. */
async function decide(options: ScreenOptions, fresh: readonly Opened[]): Promise<readonly Opened[]> {
  options.hooks?.onBatch?.(fresh.length);
  const decided: Opened[] = [];
  const decisions: NewRecord[] = [];
  const letters: DeadLetter[] = [];
  for (const opened of fresh) {
    try {
      decisions.push(toDecision(opened, options.judge(opened.value), options.clock.now()));
      decided.push(opened);
    } catch (error) {
      options.hooks?.onFault?.(error);
      letters.push({ record: opened.record, cause: 'rule_failed', attempts: 1 });
    }
  }
  if (decisions.length > 0)
    await retried(retryOf(options), () => options.log.append(options.topics.decisions, decisions));
  await setAside(deadLettersOf(options), letters);
  return decided;
}

function toDecision(opened: Opened, judgement: Judgement, decidedAt: number): NewRecord {
  const { id: transactionId } = opened.value;
  const { outcome, reasons, ruleset } = judgement;
  return writeRecord(decisionMade, {
    id: decisionEventId(transactionId, opened.attempt),
    timeMs: decidedAt,
    traceparent: opened.traceparent,
    value: { transactionId, decision: { outcome, reasons, ruleset, decidedBy: 'RULES', decidedAt } },
  });
}
