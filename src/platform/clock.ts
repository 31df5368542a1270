/** Tells the time and wakes up later; every wait in Verdict goes through it, so that a simulator can own time. */
import { asyncScheduler } from 'rxjs';

import type { SchedulerLike } from 'rxjs';

export interface Clock {
  /** Milliseconds since the Unix epoch; may jump with the machine's clock. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. For durations. */
  elapsed(): number;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** The same time for RxJS operators. */
  readonly scheduler: SchedulerLike;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', wake, { once: true });
    }),
  scheduler: asyncScheduler,
};
