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
   * The next page after the cursor. `meet` is a place up to which everything is readable already: a page that is not full reaches at least that far.
   * Who joins a read that is under way gets what that one could prove, which may be less far. Outages are ridden out.
   */
  read(after: JournalCursor, meet: JournalCursor): Promise<JournalBatch> {
    const place = `${after.xid}.${after.position}`;
    const asked = this.#asked.get(place);
    if (asked !== undefined) return asked;
    const { promise, resolve, reject } = Promise.withResolvers<JournalBatch>();
    this.#asked.set(place, promise);
    const read = async (): Promise<void> => {
      await this.#read(after, meet).then(resolve, reject);
      this.#asked.delete(place);
    };
    this.#queue.next(defer(read));
    return promise;
  }

  async #read(after: JournalCursor, meet: JournalCursor): Promise<JournalBatch> {
    const { statements, pageMax, retry } = this.#options;
    const { entries, next, full } = await retried(retry, () => statements.readJournal(after, pageMax));
    return { entries, cursor: full || compareCursors(next, meet) >= 0 ? next : meet };
  }
}
