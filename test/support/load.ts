/** Clients that post at full rate and never give up: whatever is not a 201 is tried again with the same key, at the next front door, until it is one. */
import { parseTransaction, post } from '../../tools/run/client.ts';
import { within } from './within.ts';

export type LoadOptions = {
  readonly urls: readonly string[];
  readonly count: number;
  /** Requests in flight. */
  readonly clients?: number;
  /** Milliseconds that each client rests after an answer: 0 for as fast as it goes. */
  readonly restMs?: number;
};

export type Answered = {
  readonly key: string;
  readonly id: string;
  readonly text: string;
  readonly tries: number;
  /** When the 201 came, in milliseconds since the epoch, and how long its request took. */
  readonly at: number;
  readonly ms: number;
};

const againAfterMs = 50;
const answerLimitMs = 10_000;

export class Load {
  readonly keys: readonly string[];
  readonly answered = new Map<string, Answered>();
  /** How often each status was answered; 0 stands for no answer. */
  readonly statuses = new Map<number, number>();
  /** Resolves when each key has its 201. */
  readonly done: Promise<void>;
  readonly #options: LoadOptions;
  #turn = 0;

  constructor(options: LoadOptions) {
    const { count, clients = 64 } = options;
    this.#options = options;
    this.keys = Array.from({ length: count }, () => crypto.randomUUID());
    const queue = this.keys.values();
    const work = async (): Promise<void> => {
      for (const key of queue) await this.#post(key);
    };
    this.done = Promise.all(Array.from({ length: clients }, work)).then(() => undefined);
    this.done.catch(() => undefined);
  }

  /** What the audit wants to know. */
  get acknowledged(): { readonly keys: readonly string[]; readonly opened: readonly Answered[] } {
    return { keys: this.keys, opened: [...this.answered.values()] };
  }

  /** Answers of 500 and more: what a client may be told in an outage, and never without one. */
  get serverErrors(): number {
    return [...this.statuses].reduce((sum, [status, times]) => sum + (status >= 500 ? times : 0), 0);
  }

  /** Until so many keys have their 201. */
  async reached(count: number): Promise<void> {
    await within(60_000, `${count} answers`, () => this.answered.size >= count);
  }

  async #post(key: string): Promise<void> {
    const { urls, restMs = 0 } = this.#options;
    for (let tries = 1; ; tries += 1) {
      const url = urls[this.#turn++ % urls.length] ?? '';
      const askedAt = performance.now();
      const text = await this.#try(url, key);
      if (text !== undefined) {
        const { transactionExternalId: id } = parseTransaction(text);
        this.answered.set(key, { key, id, text, tries, at: Date.now(), ms: performance.now() - askedAt });
        if (restMs > 0) await pause(restMs);
        return;
      }
      await pause(againAfterMs);
    }
  }

  async #try(url: string, key: string): Promise<string | undefined> {
    let status = 0;
    try {
      const posted = await post(url, { key, signal: AbortSignal.timeout(answerLimitMs) });
      status = posted.status;
      if (status === 201) return posted.text;
      // Whoever is refused for what it sent would be refused for ever.
      if (status < 500 && status !== 409 && status !== 429) throw new TypeError(`${status} ${posted.text}`);
    } catch (error) {
      if (error instanceof TypeError && status > 0) throw error;
    } finally {
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    }
    return undefined;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
