/**
 * Leaves something that keeps failing alone: after `failuresMax` failures in a row every call is refused at once for `pauseMs`,
 * then one call at a time tries again, until one succeeds.
 */
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { FailureCode } from '../failure.ts';

export type BreakerOptions = {
  /** Named in the refusals. */
  readonly name: string;
  readonly code: FailureCode;
  readonly failuresMax: number;
  readonly pauseMs: number;
  readonly clock: Clock;
};

export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #openUntil = Number.NEGATIVE_INFINITY;
  #probing = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isOpen) return this.#tried(work);
    if (this.#probing || this.#options.clock.elapsed() < this.#openUntil) {
      throw new Failure(
        this.#options.code,
        `${this.#options.name} failed ${this.#failures} times in a row and is left alone`,
      );
    }
    this.#probing = true;
    try {
      return await this.#tried(work);
    } finally {
      this.#probing = false;
    }
  }

  /** Calls are refused, or probe. */
  get isOpen(): boolean {
    return this.#failures >= this.#options.failuresMax;
  }

  async #tried<T>(work: () => Promise<T>): Promise<T> {
    try {
      const answer = await work();
      this.#failures = 0;
      return answer;
    } catch (error) {
      this.#failures += 1;
      this.#openUntil = this.#options.clock.elapsed() + this.#options.pauseMs;
      throw error;
    }
  }
}
