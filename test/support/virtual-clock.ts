/** A clock that stands still until the test moves it; whatever became due runs in order, and what it set off runs before the next. */
import { Subscription } from 'rxjs';
import type { SchedulerAction, SchedulerLike } from 'rxjs';

import type { Clock } from '../../src/platform/clock.ts';

type Timer = { readonly at: number; readonly number: number; readonly run: () => void };

export class VirtualClock implements Clock {
  readonly #epoch: number;
  #elapsed = 0;
  #number = 0;
  #timers: Timer[] = [];

  constructor(epoch = Date.UTC(2026, 0, 1)) {
    this.#epoch = epoch;
  }

  now(): number {
    return this.#epoch + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const cancel = this.#add(ms, () => wake());
      const wake = (): void => {
        cancel();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  readonly scheduler: SchedulerLike = {
    now: () => this.now(),
    schedule: <T>(
      work: (this: SchedulerAction<T>, state: T) => void,
      delayMs: number | undefined,
      state?: T,
    ): Subscription => {
      // rxjs declares that the work gets its state, and starts it without one where it needs none.
      const run = (again: T | undefined): void => work.call(action, again as T);
      const action = new Action<T>((again) => this.#add(again.delayMs, () => run(again.state)));
      return action.schedule(state, delayMs ?? 0);
    },
  };

  /** Moves on by `ms`, stopping at everything that is due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await settled();
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.at - b.at || a.number - b.number)[0];
      if (next === undefined || next.at > end) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.run();
      await settled();
    }
    this.#elapsed = end;
  }

  /** Moves on until the condition holds, and fails by its name when `limitMs` of this clock's time have passed. */
  async until(limitMs: number, what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    const end = this.#elapsed + limitMs;
    await settled();
    while (!(await condition())) {
      if (this.#elapsed >= end) throw new Error(`not within ${limitMs} ms: ${what}`);
      await this.advance(Math.min(10, end - this.#elapsed));
    }
  }

  #add(ms: number, run: () => void): () => void {
    const timer = { at: this.#elapsed + Math.max(0, ms), number: this.#number++, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
}

type Again<T> = { readonly state: T | undefined; readonly delayMs: number };

class Action<T> extends Subscription implements SchedulerAction<T> {
  readonly #enter: (again: Again<T>) => () => void;

  constructor(enter: (again: Again<T>) => () => void) {
    super();
    this.#enter = enter;
  }

  schedule(state?: T, delayMs = 0): Subscription {
    this.add(this.#enter({ state, delayMs }));
    return this;
  }
}

/** Everything that needs no time: promises settle in microtasks, and the event loop turns once when all of them are done. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
