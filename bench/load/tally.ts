/** What one phase has seen so far: answers, refusals, and through the ledger which transactions are decided. */
import { Ledger } from './ledger.ts';

/** How many accepted ids are kept to be read again. */
const readableMax = 20_000;

export class Tally {
  readonly ledger = new Ledger();
  readonly postMs: number[] = [];
  readonly readMs: number[] = [];
  readonly refused: Record<string, number> = {};

  refuse(status: number): void {
    this.refused[status] = (this.refused[status] ?? 0) + 1;
  }
}

/** Ids that were accepted, the youngest of them, to be read in turn. */
export class Readable {
  readonly #ids: string[] = [];
  #accepted = 0;
  #read = 0;

  add(id: string): void {
    this.#ids[this.#accepted % readableMax] = id;
    this.#accepted += 1;
  }

  next(): string {
    this.#read = (this.#read + 1) % Math.max(1, this.#ids.length);
    return this.#ids[this.#read] ?? 'none';
  }
}
