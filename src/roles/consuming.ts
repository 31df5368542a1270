/** What the consuming pipelines of a process share. */
import type { EventLog } from '../platform/event-log/event-log.ts';
import type { KeyStore } from '../platform/key-store/key-store.ts';
import type { ConsumingOptions } from '../streams/consuming.ts';
import { topicsOf } from './log-topics.ts';
import type { Tools } from './tools.ts';

export type LogAndKeys = { readonly eventLog: EventLog; readonly keyStore: KeyStore };

/** Of a call to a service that is away: soon at first, then as often as somebody who waits can bear. */
export const retryBackoff = { firstMs: 50, maxMs: 2_000 };

export function consumingOptions(
  tools: Tools,
  { eventLog, keyStore }: LogAndKeys,
  { pipeline, signal }: { readonly pipeline: string; readonly signal: AbortSignal },
): ConsumingOptions {
  const { clock, config, entropy, log, metrics } = tools;
  return {
    ...{ clock, entropy, signal, log: eventLog, keys: keyStore, topics: topicsOf(tools) },
    batching: config.batching,
    retry: retryBackoff,
    hooks: {
      onBatch: (size) => metrics.batch(pipeline, size),
      onRepeats: (count) => metrics.repeats(pipeline, count),
      onKeysMissing: () => metrics.keyStoreFailed(),
      onDeadLetter: (topic, cause) => {
        metrics.deadLetter(topic, cause);
        log.warn({ part: pipeline, topic, cause }, 'a record was set aside');
      },
      onRetry: (error, attempt) => {
        metrics.retried(pipeline);
        if (isPowerOfTwo(attempt)) log.warn({ part: pipeline, attempt, err: error }, 'retried in place');
      },
      onFault: (error) => log.error({ part: pipeline, err: error }, 'the ruleset threw'),
    },
  };
}

/** An outage of minutes is told in a handful of lines. */
function isPowerOfTwo(attempt: number): boolean {
  return (attempt & (attempt - 1)) === 0;
}
