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
    this.#sleeping?.abort();
  }

  /** Until a wake, the time, or the signal, whichever is first. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#woken) {
      this.#sleeping = new AbortController();
      await this.#clock.sleep(ms, AbortSignal.any([signal, this.#sleeping.signal]));
      this.#sleeping = undefined;
    }
    this.#woken = false;
  }
}
