/**
 * Puts what was just committed on the log, from memory, without anybody waiting for it. It may fail: a full queue or a log that is away drops, counted,
 * and the relay's re-send brings it back. One append is in flight at a time, so that the records of a key keep their order.
 */
import type { Subscription } from 'rxjs';
import { Subject } from 'rxjs';

import { batchWhileBusy } from '../platform/batching/batch-while-busy.ts';
import type { BatchOptions } from '../platform/batching/batch-while-busy.ts';
import type { Clock } from '../platform/clock.ts';
import type { EventLog } from '../platform/event-log/event-log.ts';
import { writeRecord } from './envelope.ts';
import { openedEventId } from './event-ids.ts';
import { transactionOpened } from './event-kinds.ts';
import type { AnnouncedTransaction } from './event-kinds.ts';

export type AnnouncerOptions = {
  readonly log: Pick<EventLog, 'append'>;
  readonly topic: string;
  readonly clock: Clock;
  readonly batching: Omit<BatchOptions, 'scheduler'>;
  readonly queueMax: number;
  /** How long closing waits for what is queued. */
  readonly drainMs: number;
  readonly onBatch?: (size: number) => void;
  readonly onDropped?: (count: number, why: 'overflow' | 'failed' | 'closed', error?: unknown) => void;
};

type Queued = { readonly opened: AnnouncedTransaction; readonly traceparent: string | undefined };

export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #queue = new Subject<Queued>();
  readonly #drained = Promise.withResolvers<void>();
  readonly #working: Subscription;
  #waiting = 0;
  #closed = false;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    const batching = { ...options.batching, scheduler: options.clock.scheduler };
    this.#working = this.#queue
      .pipe(batchWhileBusy(batching, (batch) => this.#append(batch)))
      .subscribe({ complete: this.#drained.resolve });
  }

  /** Never throws and never waits. */
  announce(opened: AnnouncedTransaction, traceparent?: string): void {
    if (this.#closed) this.#options.onDropped?.(1, 'closed');
    else if (this.#waiting >= this.#options.queueMax) this.#options.onDropped?.(1, 'overflow');
    else {
      this.#waiting += 1;
      this.#queue.next({ opened, traceparent });
    }
  }

  /** Announcements that are queued or in flight. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Announces what is queued, for as long as the drain may take; the rest is dropped. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#queue.complete();
    const over = new AbortController();
    await Promise.race([this.#drained.promise, this.#options.clock.sleep(this.#options.drainMs, over.signal)]);
    over.abort();
    this.#working.unsubscribe();
    if (this.#waiting > 0) this.#options.onDropped?.(this.#waiting, 'closed');
  }

  /** Not tried again: the log has tried until its own limit, and a queue that insists during an outage only grows old. What is old is the re-send's. */
  async #append(batch: readonly Queued[]): Promise<void> {
    const { clock, topic, log, onBatch, onDropped } = this.#options;
    const timeMs = clock.now();
    const records = batch.map(({ opened, traceparent }) =>
      writeRecord(transactionOpened, { id: openedEventId(opened.id, 0), timeMs, value: opened, traceparent }),
    );
    onBatch?.(batch.length);
    try {
      await log.append(topic, records);
    } catch (error) {
      onDropped?.(batch.length, 'failed', error);
    } finally {
      this.#waiting -= batch.length;
    }
  }
}
