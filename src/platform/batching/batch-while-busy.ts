/**
 * Works off what comes in, in batches that form by themselves: while one batch is in flight, what arrives waits and goes together in the next.
 * A busy path keeps a pace between the starts of its batches: at 256 connections a pace of 10 ms gave 6,400–6,900 transactions a second where none gave 4,100–5,600.
 * A path with little to do hardly waits, and an idle one not at all. The result of `work` is emitted; what it throws ends the stream.
 */
import { Observable } from 'rxjs';

import type { ObservableInput, OperatorFunction, SchedulerLike, Subscription } from 'rxjs';
import { asyncScheduler, defer } from 'rxjs';

export type BatchOptions = {
  /** Items in one batch at the most. */
  readonly batchMax: number;
  /** Milliseconds from the start of a batch to the earliest start of the next, as `paceAfter` has it; a full batch does not wait. */
  readonly paceMs: number;
  /** See `paceAfter`. */
  readonly paceFrom?: number | undefined;
  readonly scheduler?: SchedulerLike;
  /** Starts the batch of an idle path; at once where it is left out. */
  readonly start?: (batch: () => void) => void;
};

const paceFromUsual = 32;

/**
 * The pace after a batch of so many items: whole from `paceFrom` items on, and in proportion below, where waiting would gather little and somebody waits. With 1 it is always
 * kept, for what nobody waits for. At 300 transactions a second each stage has one or two at a time: with whole paces the median decision took 36 ms, with these 7.
 */
export function paceAfter(
  { paceMs, paceFrom = paceFromUsual }: Pick<BatchOptions, 'paceMs' | 'paceFrom'>,
  items: number,
): number {
  return paceMs * Math.min(1, items / paceFrom);
}

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
      let paceMs = 0;
      let timer: Subscription | undefined;
      let starting = false;

      const start = (): void => {
        timer?.unsubscribe();
        timer = undefined;
        busy = true;
        startedAt = scheduler.now();
        const batch = waiting.splice(0, options.batchMax);
        paceMs = paceAfter(options, batch.length);
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
        const waitMs = Math.min(paceMs, startedAt + paceMs - scheduler.now());
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
