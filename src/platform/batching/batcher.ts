/**
 * The promise face of `batchWhileBusy`: many callers ask one at a time, `work` answers whole batches, in the order of the questions.
 * Past `waitingMax` unanswered questions it refuses with `overloaded`; after it was closed, with `stopped`.
 */
import { Subject } from 'rxjs';

import type { Subscription } from 'rxjs';
import { Failure } from '../failure.ts';
import type { BatchOptions } from './batch-while-busy.ts';
import { afterThisTick, batchWhileBusy } from './batch-while-busy.ts';

export type BatcherOptions<Question, Answer> = BatchOptions & {
  /** Named in the refusals. */
  readonly name: string;
  readonly waitingMax: number;
  readonly work: (batch: readonly Question[]) => Promise<readonly Answer[]>;
  readonly onBatch?: (size: number) => void;
};

type Waiting<Question, Answer> = {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
};

export class Batcher<Question, Answer> {
  readonly #options: BatcherOptions<Question, Answer>;
  readonly #inbox = new Subject<Waiting<Question, Answer>>();
  readonly #drained: Promise<void>;
  readonly #subscription: Subscription;
  #waiting = 0;
  #closed = false;

  constructor(options: BatcherOptions<Question, Answer>) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#drained = promise;
    this.#subscription = this.#inbox
      .pipe(batchWhileBusy({ start: afterThisTick, ...options }, (batch) => this.#answer(batch)))
      .subscribe({ complete: resolve });
  }

  ask(question: Question): Promise<Answer> {
    if (this.#closed) return Promise.reject(new Failure('stopped', `${this.#options.name} is closed`));
    if (this.#waiting >= this.#options.waitingMax) {
      return Promise.reject(new Failure('overloaded', `${this.#options.name}: ${this.#waiting} are waiting already`));
    }
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      this.#inbox.next({ question, resolve, reject });
    });
  }

  /** Questions that have no answer yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Answers what was asked before, then refuses. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#inbox.complete();
    await this.#drained;
    this.#subscription.unsubscribe();
  }

  async #answer(batch: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      this.#options.onBatch?.(batch.length);
      const answers = await this.#options.work(batch.map(({ question }) => question));
      if (answers.length !== batch.length)
        throw new Error(`${this.#options.name}: ${batch.length} asked, ${answers.length} answered`);
      batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#waiting -= batch.length;
    }
  }
}
