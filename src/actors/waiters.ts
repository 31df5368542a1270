/** Callers that stand aside until something comes to pass: bounded in number, and each leaves with its signal at the latest. */
import { Failure } from '../platform/failure.ts';

export type Waiter<Value> = {
  /** What it was woken with; undefined where the wait ended without it. */
  readonly outcome: Promise<Value | undefined>;
  readonly leave: () => void;
};

export class Waiters<Value> {
  readonly #max: number;
  #ends: Set<(value?: Value) => void> | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  /** Registers at once: whatever wakes after this call is not missed. */
  enter(signal: AbortSignal): Waiter<Value> {
    if (this.size >= this.#max) {
      throw new Failure('overloaded', `${this.size} callers wait for one transaction already`);
    }
    const ends = (this.#ends ??= new Set());
    const { promise, resolve } = Promise.withResolvers<Value | undefined>();
    const leave = (): void => end();
    const end = (value?: Value): void => {
      ends.delete(end);
      signal.removeEventListener('abort', leave);
      resolve(value);
    };
    ends.add(end);
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) end();
    return { outcome: promise, leave };
  }

  get size(): number {
    return this.#ends?.size ?? 0;
  }

  wake(value: Value): void {
    for (const end of this.#ends ?? []) end(value);
  }

  /** Ends every wait as if its signal had. */
  dismiss(): void {
    for (const end of this.#ends ?? []) end();
  }
}
