/**
 * The transactions that were still PENDING when the walk passed them: a bounded set in memory, shared by the walk that fills it, the re-send and the expiry.
 * It keeps the books of the re-send: which round each came in, how often it was sent again, and from when on it may be.
 */
import type { JournalCursor } from '../persistence/cursor.ts';
import { compareCursors } from '../persistence/cursor.ts';
import type { TransactionId } from '../transaction/ids.ts';

export type Straggler = { readonly id: TransactionId; readonly cursor: JournalCursor; readonly decideBy: number };

type Book = Straggler & {
  /** The round that was under way when it came: only a later one proves that the log does not owe it. */
  readonly owedSince: number;
  resends: number;
  /** By the monotonic clock. */
  notBefore: number;
};

export class Stragglers {
  readonly #max: number;
  /** In the order in which they were last looked at. */
  readonly #books = new Map<TransactionId, Book>();
  #round = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#books.size;
  }

  /** How many more it takes: past its bound the walk waits. */
  get room(): number {
    return this.#max - this.#books.size;
  }

  add(straggler: Straggler): void {
    if (this.#books.has(straggler.id)) return;
    this.#books.set(straggler.id, { ...straggler, owedSince: this.#round, resends: 0, notBefore: 0 });
  }

  drop(ids: Iterable<TransactionId>): void {
    for (const id of ids) this.#books.delete(id);
  }

  /** Those that nobody has looked at for the longest time. */
  leastSeen(max: number): readonly TransactionId[] {
    return this.#look(max, () => true);
  }

  overdue(now: number, max: number): readonly TransactionId[] {
    return this.#look(max, ({ decideBy }) => decideBy <= now);
  }

  /** Whether any may be sent again as far as its own pause is concerned. */
  anyDue(elapsed: number): boolean {
    for (const { notBefore } of this.#books.values()) if (notBefore <= elapsed) return true;
    return false;
  }

  /** What is in the set now is covered by the round; what comes later is not. */
  beginRound(): number {
    this.#round += 1;
    return this.#round;
  }

  /** What the completed round has proven not to be owed, and whose pause is over. */
  due(round: number, elapsed: number, max: number): readonly TransactionId[] {
    return this.#look(max, ({ owedSince, notBefore }) => owedSince < round && notBefore <= elapsed);
  }

  /** It was sent again; `pauseMs` is asked how long it rests, given how often it was sent. */
  resent(ids: Iterable<TransactionId>, elapsed: number, pauseMs: (resends: number) => number): void {
    for (const id of ids) {
      const book = this.#books.get(id);
      if (book === undefined) continue;
      book.resends += 1;
      book.notBefore = elapsed + pauseMs(book.resends);
    }
  }

  /** The place of the one that comes first in the journal. */
  first(): JournalCursor | undefined {
    let first: JournalCursor | undefined;
    for (const { cursor } of this.#books.values())
      if (first === undefined || compareCursors(cursor, first) < 0) first = cursor;
    return first;
  }

  /** The one that was opened first, for ids sort by creation time. */
  oldest(): TransactionId | undefined {
    let oldest: TransactionId | undefined;
    for (const id of this.#books.keys()) if (oldest === undefined || id < oldest) oldest = id;
    return oldest;
  }

  #look(max: number, wanted: (book: Book) => boolean): readonly TransactionId[] {
    const found: Book[] = [];
    for (const book of this.#books.values()) {
      if (found.length >= max) break;
      if (wanted(book)) found.push(book);
    }
    for (const book of found) {
      this.#books.delete(book.id);
      this.#books.set(book.id, book);
    }
    return found.map(({ id }) => id);
  }
}
