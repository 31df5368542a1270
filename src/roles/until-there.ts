/** Waits for the world at the start: tries until it works, says now and then what it waits for, and gives up only when the process is asked to end. */
import { isRetryable } from '../platform/failure.ts';
import type { Tools } from './tools.ts';

const tryEveryMs = 500;
const sayEveryMs = 5_000;

/** Undefined where the signal came first. What is not retryable is thrown. */
export async function untilThere<T>(
  { clock, log, signal }: Pick<Tools, 'clock' | 'log' | 'signal'>,
  what: string,
  attempt: () => Promise<T>,
): Promise<T | undefined> {
  let saidAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      return await attempt();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      if (clock.elapsed() - saidAt >= sayEveryMs) {
        log.warn({ err: error }, `waiting for ${what}`);
        saidAt = clock.elapsed();
      }
      await clock.sleep(tryEveryMs, signal);
    }
  }
  return undefined;
}
