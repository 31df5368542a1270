/** What every pipeline that consumes the log is given: its ports, its pace, and whom to tell what it rides out. */
import type { BatchOptions } from '../platform/batching/batch-while-busy.ts';
import type { Clock } from '../platform/clock.ts';
import type { Entropy } from '../platform/entropy.ts';
import type { EventLog, LogRecord } from '../platform/event-log/event-log.ts';
import type { KeyStore } from '../platform/key-store/key-store.ts';
import type { DedupOptions } from './operators/dedup.ts';
import { Marks } from './operators/marks.ts';
import type { DeadLetterOptions } from './operators/dead-letter.ts';
import type { RetryOptions } from './operators/with-retry.ts';
import type { PoisonCause } from './poison.ts';
import type { Topics } from './topics.ts';

export type ConsumingOptions = {
  readonly log: Pick<EventLog, 'consume' | 'append'>;
  readonly keys: Pick<KeyStore, 'seen' | 'mark'>;
  readonly clock: Clock;
  readonly entropy: Pick<Entropy, 'fraction'>;
  readonly topics: Topics;
  readonly batching: Omit<BatchOptions, 'scheduler'>;
  readonly retry: Backoff;
  /** Ends the pipeline gently: what is in hand is finished and committed. */
  readonly signal: AbortSignal;
  readonly hooks?: ConsumingHooks;
};

export type Backoff = { readonly firstMs: number; readonly maxMs: number };

export type ConsumingHooks = {
  readonly onBatch?: (size: number) => void;
  readonly onRepeats?: (count: number) => void;
  readonly onDeadLetter?: (topic: string, cause: PoisonCause) => void;
  readonly onKeysMissing?: (error: unknown) => void;
  /** An outage is being ridden out. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
  /** The ruleset threw: a fault in a rule, not in the world. */
  readonly onFault?: (error: unknown) => void;
};

export function retryOf({
  clock,
  entropy,
  retry,
  signal,
  hooks,
}: Omit<ConsumingOptions, 'keys' | 'log' | 'topics' | 'batching'>): RetryOptions {
  return { clock, entropy, ...retry, signal, onRetry: hooks?.onRetry };
}

export function deadLettersOf(options: ConsumingOptions): DeadLetterOptions {
  const { log, clock, hooks } = options;
  return { log, now: () => clock.now(), retry: retryOf(options), onDeadLetter: hooks?.onDeadLetter };
}

/** What a key store that answers nothing keeps in memory, some 100 bytes each, until its time-out: two seconds of full rate. */
const marksWaitingMax = 10_000;

/** Once for a pipeline. */
export function dedupOf<Item extends { readonly id: string; readonly record: Pick<LogRecord, 'fresh'> }>(
  options: ConsumingOptions,
  set: string,
): DedupOptions<Item> {
  const { keys, hooks, batching, clock } = options;
  const onKeysMissing = hooks?.onKeysMissing;
  const marks = new Marks({
    ...{ keys, set, onKeysMissing, batching: { ...batching, scheduler: clock.scheduler } },
    waitingMax: marksWaitingMax,
  });
  const isFresh = ({ record }: Item): boolean => record.fresh === true;
  return { keys, set, marks, isFresh, idOf: ({ id }) => id, onRepeats: hooks?.onRepeats, onKeysMissing };
}
