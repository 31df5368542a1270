/** Journal pages for those who are further behind than the ring: a few reads at a time for all of them together, and one read for all who stand at one place. */
import type { Observable } from 'rxjs';
import { defer, mergeMap, Subject } from 'rxjs';

import { compareCursors } from '../persistence/cursor.ts';
import type { JournalCursor } from '../persistence/cursor.ts';
import type { JournalEntry, Statements } from '../persistence/statements.ts';
import { retried } from './operators/with-retry.ts';
import type { RetryOptions } from './operators/with-retry.ts';

export type DirectReadsOptions = {
  readonly statements: Pick<Statements, 'readJournal'>;
  readonly pageMax: number;
  readonly concurrencyMax: number;
  readonly retry: RetryOptions;
};

/** Entries in the order of the journal, and the place up to which there are no others. */
export type JournalBatch = { readonly entries: readonly JournalEntry[]; readonly cursor: JournalCursor };

export class DirectReads {
  readonly #options: DirectReadsOptions;
  readonly #queue = new Subject<Observable<void>>();
  readonly #asked = new Map<string, Promise<JournalBatch>>();

  constructor(options: DirectReadsOptions) {
    this.#options = options;
    this.#queue.pipe(mergeMap((read) => read, options.concurrencyMax)).subscribe();
  }

  /**
   * The next page after the cursor. `meet` is a place at which everything was readable when this was called: a page that is not full reaches at least that far.
   * It names the read together with the cursor, since a read that began before `meet` was readable proves nothing about it. Outages are ridden out.
   */
  read(after: JournalCursor, meet: JournalCursor): Promise<JournalBatch> {
    const name = `${after.xid}.${after.position}.${meet.xid}.${meet.position}`;
    const asked = this.#asked.get(name);
    if (asked !== undefined) return asked;
    const { promise, resolve, reject } = Promise.withResolvers<JournalBatch>();
    this.#asked.set(name, promise);
    const read = async (): Promise<void> => {
      await this.#read(after, meet).then(resolve, reject);
      this.#asked.delete(name);
    };
    this.#queue.next(defer(read));
    return promise;
  }

  async #read(after: JournalCursor, meet: JournalCursor): Promise<JournalBatch> {
    const { statements, pageMax, retry } = this.#options;
    const { entries, next } = await retried(retry, () => statements.readJournal(after, pageMax));
    const full = entries.length >= pageMax;
    return { entries, cursor: full || compareCursors(next, meet) >= 0 ? next : meet };
  }
}
