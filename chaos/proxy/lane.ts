/** One direction of a proxied connection: passes on in order, later where the weather says so, and reads nothing while it is held. */
import type { Socket } from 'node:net';
import type { Random } from '../random.ts';

export type Weather = {
  readonly delayMs: number;
  readonly jitterMs: number;
};

const waitingMaxBytes = 1_048_576;

export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #random: Random;
  readonly #queue: { readonly bytes: Buffer; readonly due: number }[] = [];
  #waiting = 0;
  #lastDue = 0;
  #held = false;

  constructor(from: Socket, to: Socket, random: Random) {
    this.#from = from;
    this.#to = to;
    this.#random = random;
  }

  hold(held: boolean): void {
    this.#held = held;
    this.#flow();
  }

  send(bytes: Buffer, { delayMs, jitterMs }: Weather): void {
    const now = performance.now();
    const due = Math.max(this.#lastDue, now + delayMs + this.#random.fraction() * jitterMs);
    if (due - now < 1 && this.#waiting === 0) return this.#write(bytes);
    this.#lastDue = due;
    this.#waiting += bytes.length;
    this.#queue.push({ bytes, due });
    if (this.#queue.length === 1) this.#wait(due - now);
    this.#flow();
  }

  #wait(ms: number): void {
    setTimeout(() => this.#pass(), ms);
  }

  /** From one queue by one timer: of two timers that are due in the same millisecond the later one may be the first. */
  #pass(): void {
    const now = performance.now();
    for (let first = this.#queue[0]; first !== undefined && first.due - now < 1; first = this.#queue[0]) {
      this.#queue.shift();
      this.#waiting -= first.bytes.length;
      this.#write(first.bytes);
    }
    const [next] = this.#queue;
    if (next !== undefined) this.#wait(next.due - now);
    this.#flow();
  }

  #write(bytes: Buffer): void {
    if (this.#to.destroyed || this.#to.write(bytes)) return;
    this.#to.once('drain', () => this.#flow());
    this.#from.pause();
  }

  #flow(): void {
    if (this.#held || this.#waiting > waitingMaxBytes || this.#to.writableNeedDrain) this.#from.pause();
    else this.#from.resume();
  }
}
