/**
 * Sleeps until the journal has grown by something that concerns it, its signal aborts, or it is woken. One for the whole life of a follower, and kept in its place while it is
 * awake: a listener and a place in a set for each sleep leave old tables that hold on to new ones, which only a full collection frees.
 */
import type { TouchedPage } from './touched.ts';

export type SleeperOptions = {
  readonly signal: AbortSignal;
  /** True where nothing in the page concerns it. */
  readonly skips: (page: TouchedPage) => boolean;
  readonly onLeave: (sleeper: Sleeper) => void;
};

export class Sleeper implements Disposable {
  readonly #options: SleeperOptions;
  readonly #onAbort = (): void => this.wake();
  #resolve: (() => void) | undefined;

  constructor(options: SleeperOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** One sleep at a time. */
  sleep(): Promise<void> {
    if (this.#options.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Costs nothing where it does not sleep, and allocates nothing where the page is skipped. */
  offer(page: TouchedPage): void {
    if (this.#resolve !== undefined && !this.#options.skips(page)) this.wake();
  }

  wake(): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.();
  }

  [Symbol.dispose](): void {
    const { signal, onLeave } = this.#options;
    signal.removeEventListener('abort', this.#onAbort);
    onLeave(this);
  }
}
