/**
 * The pipelines of a process: subscribed here and nowhere else. Disposing lets each finish what it has in hand, for as long as the process has grace,
 * and cuts what is still there then. A pipeline that fails, or ends by itself, ends the process: half a process would look healthy.
 */
import type { Observable } from 'rxjs';
import { Subscription } from 'rxjs';

import type { Tools } from './tools.ts';

export class Pipelines implements AsyncDisposable {
  readonly #tools: Tools;
  readonly #closing = new AbortController();
  readonly #ending: AbortSignal;
  readonly #running = new Map<string, Promise<void>>();
  readonly #subscriptions = new Subscription();

  constructor(tools: Tools) {
    this.#tools = tools;
    // They begin to end with the process, while its server still answers what it has in hand.
    this.#ending = AbortSignal.any([tools.signal, this.#closing.signal]);
  }

  start(name: string, pipeline: (signal: AbortSignal) => Observable<unknown>): void {
    this.run(name, (signal) => this.#complete(pipeline(signal)));
  }

  /** For work that is one promise; it ends when its signal aborts. */
  run(name: string, work: (signal: AbortSignal) => Promise<void>): void {
    const signal = this.#ending;
    const ended = work(signal).then(
      () => {
        if (!signal.aborted) this.#tools.fail(new Error(`${name} ended by itself`));
      },
      (error: unknown) => {
        if (signal.aborted) this.#tools.log.warn({ part: name, err: error }, 'failed while ending');
        else this.#tools.fail(error);
      },
    );
    this.#running.set(
      name,
      ended.finally(() => this.#running.delete(name)),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { clock, config, log } = this.#tools;
    this.#closing.abort();
    const over = new AbortController();
    await Promise.race([Promise.all(this.#running.values()), clock.sleep(config.shutdown.graceMs, over.signal)]);
    over.abort();
    if (this.#running.size > 0) log.warn({ parts: [...this.#running.keys()] }, 'cut off: the time to end was up');
    this.#subscriptions.unsubscribe();
  }

  /** Like lastValueFrom, but the subscription can be cut. */
  #complete(pipeline: Observable<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#subscriptions.add(pipeline.subscribe({ error: reject, complete: resolve }));
    });
  }
}
