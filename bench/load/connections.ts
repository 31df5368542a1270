/** Kept-alive connections, opened when one more is needed, up to a limit, spread over all addresses; past it whoever asks waits, and nobody is turned away. */
import { Connection } from './connection.ts';

const openedAtOnce = 64;

export class Connections implements Disposable {
  readonly #urls: readonly string[];
  readonly #max: number;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  readonly #waiting: PromiseWithResolvers<Connection>[] = [];
  #opening = 0;
  #opened = 0;

  constructor(urls: readonly string[], max: number) {
    this.#urls = urls;
    this.#max = max;
  }

  /** So many are open before a phase begins, a few at a time: a listener that is met by hundreds at once drops some, and they try again after seconds. */
  async warm(count: number): Promise<void> {
    while (this.#all.size < Math.min(count, this.#max)) {
      const missing = Math.min(count, this.#max) - this.#all.size;
      const fresh = Array.from({ length: Math.min(missing, openedAtOnce) }, () => this.#open());
      this.#idle.push(...(await Promise.all(fresh)));
    }
  }

  async take(): Promise<Connection> {
    const idle = this.#idle.pop();
    if (idle?.broken === true) {
      this.#all.delete(idle);
      return this.take();
    }
    if (idle !== undefined) return idle;
    if (this.#all.size + this.#opening < this.#max) return this.#open();
    const turn = Promise.withResolvers<Connection>();
    this.#waiting.push(turn);
    return turn.promise;
  }

  give(connection: Connection): void {
    const next = this.#waiting.shift();
    if (connection.broken) {
      this.#all.delete(connection);
      next?.resolve(this.#open());
    } else if (next === undefined) this.#idle.push(connection);
    else next.resolve(connection);
  }

  [Symbol.dispose](): void {
    for (const connection of this.#all) connection.close();
  }

  async #open(): Promise<Connection> {
    this.#opening += 1;
    const url = this.#urls[this.#opened % this.#urls.length] ?? '';
    this.#opened += 1;
    try {
      const fresh = await Connection.open(url);
      this.#all.add(fresh);
      return fresh;
    } finally {
      this.#opening -= 1;
    }
  }
}
