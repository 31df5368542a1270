/**
 * The transactions that this process opened or met last, as they were opened, which nothing ever changes: readers of the journal need not fetch them again for each of
 * its entries, which was half of the cost of a page. Holds at least `max` of the last ones and at most twice as many: whole generations leave, for taking entries
 * from the front of a map one by one makes each step over those that were taken before.
 */
import type { TransactionId } from '../../transaction/ids.ts';
import type { OpenedTransaction } from '../../transaction/states.ts';

export class OpenedTransactions {
  readonly #max: number;
  #newer = new Map<TransactionId, OpenedTransaction>();
  #older = new Map<TransactionId, OpenedTransaction>();

  constructor(max: number) {
    this.#max = max;
  }

  get(id: TransactionId): OpenedTransaction | undefined {
    return this.#newer.get(id) ?? this.#older.get(id);
  }

  add(opened: OpenedTransaction): void {
    this.#newer.set(opened.id, opened);
    if (this.#newer.size < this.#max) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }
}
