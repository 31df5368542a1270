/** Wakes one sleeper early. A wake that comes while nobody sleeps is kept for the next sleep, so that none is lost between looking and sleeping. */
import type { Clock } from '../platform/clock.ts';

export class Waker {
  readonly #clock: Pick<Clock, 'sleep'>;
  #woken = false;
  #sleeping: AbortController | undefined;

  constructor(clock: Pick<Clock, 'sleep'>) {
    this.#clock = clock;
  }

  wake(): void {
    this.#woken = true;
    this.#sleeping?.abort(null); // without a reason an error is made for it, with its stack, at every commit
  }

  /** Until a wake, the time, or the signal, whichever is first. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#woken) {
      const sleeping = new AbortController();
      const stop = (): void => sleeping.abort(null);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      this.#sleeping = sleeping;
      await this.#clock.sleep(ms, sleeping.signal);
      this.#sleeping = undefined;
      signal.removeEventListener('abort', stop);
    }
    this.#woken = false;
  }
}
