/** The newest stretch of the journal in memory: every entry after `start` up to where its reader has got, in cursor order, and never more than its bound. */
import type { JournalCursor } from '../persistence/cursor.ts';
import { compareCursors } from '../persistence/cursor.ts';
import type { JournalEntry } from '../persistence/statements.ts';
import type { JournalBatch } from './direct-reads.ts';

export class JournalRing {
  readonly #max: number;
  readonly #entries: JournalEntry[] = [];
  #start: JournalCursor;

  constructor(start: JournalCursor, max: number) {
    this.#start = start;
    this.#max = max;
  }

  /** Whoever stands before this must read the journal itself. */
  get start(): JournalCursor {
    return this.#start;
  }

  push(entries: readonly JournalEntry[]): void {
    for (const entry of entries) this.#entries.push(entry);
    if (this.#entries.length <= this.#max) return;
    // Many at a time: to move a whole ring up for each page of two entries took three per cent of a front door.
    const kept = this.#max - Math.floor(this.#max / 8);
    const surplus = this.#entries.splice(0, this.#entries.length - kept);
    this.#start = surplus.at(-1)?.cursor ?? this.#start;
  }

  /** The entries after the cursor, which must not stand before `start`, oldest first; undefined where there are none. */
  batchAfter(cursor: JournalCursor, max: number): JournalBatch | undefined {
    if (compareCursors(cursor, this.#start) < 0) throw new RangeError('the ring does not reach back that far');
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && compareCursors(entry.cursor, cursor) <= 0) low = middle + 1;
      else high = middle;
    }
    const last = this.#entries[Math.min(low + max, this.#entries.length) - 1];
    return last === undefined || low === this.#entries.length
      ? undefined
      : { entries: this.#entries.slice(low, low + max), cursor: last.cursor };
  }
}
