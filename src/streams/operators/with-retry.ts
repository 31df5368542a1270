/**
 * Rides out an outage in place: a retryable Failure is tried again with capped, jittered exponential backoff until it works or the signal aborts
 * (then it fails with `stopped`). Anything else passes through at once.
 */
import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { defer, firstValueFrom, fromEvent, map, race, retry, throwError, timer } from 'rxjs';

import type { Clock } from '../../platform/clock.ts';
import type { Entropy } from '../../platform/entropy.ts';
import { Failure, isRetryable } from '../../platform/failure.ts';

export type RetryOptions = {
  readonly clock: Pick<Clock, 'scheduler'>;
  readonly entropy: Pick<Entropy, 'fraction'>;
  /** The pause after the first failure; each further one doubles it. */
  readonly firstMs: number;
  /** The longest pause: how late at most the end of an outage is noticed. */
  readonly maxMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: ((error: unknown, attempt: number) => void) | undefined;
};

export function withRetry<T>(options: RetryOptions): MonoTypeOperatorFunction<T> {
  return retry({
    resetOnSuccess: true,
    delay: (error: unknown, attempt: number): Observable<unknown> => {
      if (!isRetryable(error)) return throwError(() => error);
      if (options.signal?.aborted === true) return throwError(() => stopped(error));
      options.onRetry?.(error, attempt);
      const pause$ = timer(backoffMs(options, attempt), options.clock.scheduler);
      return options.signal === undefined ? pause$ : race(pause$, whenAborted(options.signal, error));
    },
  });
}

/** The promise face of `withRetry`. */
export function retried<T>(options: RetryOptions, work: () => Promise<T>): Promise<T> {
  return firstValueFrom(defer(work).pipe(withRetry(options)));
}

/** Between half and the whole of the doubled pause, so that those who failed together do not come back together. */
export function backoffMs(options: Pick<RetryOptions, 'entropy' | 'firstMs' | 'maxMs'>, attempt: number): number {
  const wholeMs = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(attempt - 1, 30));
  return wholeMs * (0.5 + 0.5 * options.entropy.fraction());
}

function whenAborted(signal: AbortSignal, error: unknown): Observable<never> {
  return fromEvent(signal, 'abort').pipe(
    map(() => {
      throw stopped(error);
    }),
  );
}

function stopped(cause: unknown): Failure {
  return new Failure('stopped', 'stopped during an outage', { cause });
}
