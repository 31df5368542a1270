/** The clock of one process in virtual time. Its wall clock may jump; its monotonic one never does. */
import { Subscription } from 'rxjs';
import type { SchedulerAction, SchedulerLike } from 'rxjs';

import type { Clock } from '../../src/platform/clock.ts';
import type { Agenda } from '../kernel/agenda.ts';
import type { Incarnation } from '../kernel/incarnation.ts';
import { epochMs } from '../kernel/world.ts';

export function simulatedClock(agenda: Agenda, incarnation: Incarnation): Clock {
  const now = (): number => epochMs + Math.floor(agenda.now + incarnation.skewMs);
  const scheduler: SchedulerLike = {
    now,
    schedule: <T>(
      work: (this: SchedulerAction<T>, state: T) => void,
      delayMs: number | undefined,
      state?: T,
    ): Subscription => {
      // rxjs declares that the work gets its state, and starts it without one where it needs none.
      const run = (again: T | undefined): void => work.call(action, again as T);
      const action = new Action<T>((again) => incarnation.after(again.delayMs, () => run(again.state)));
      return action.schedule(state, delayMs ?? 0);
    },
  };
  return { now, elapsed: () => agenda.now, sleep: (ms, signal) => sleep(incarnation, ms, signal), scheduler };
}

function sleep(incarnation: Incarnation, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const wake = (): void => {
      cancel();
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = incarnation.after(ms, wake);
    signal?.addEventListener('abort', wake, { once: true });
  });
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
