/**
 * One run of the journal reader behind the status feed: takes the horizon first, then fills a ring from there on, and tells those who wait for it to move.
 * A fault that no retry cures ends the run and is kept for those who depend on it.
 */
import type { JournalPage, Statements } from '../persistence/statements.ts';
import { journalPages } from './journal-pages.ts';
import type { JournalPagesOptions } from './journal-pages.ts';
import { JournalRing } from './journal-ring.ts';
import { retried } from './operators/with-retry.ts';
import { Sleeper } from './sleeper.ts';
import type { SleeperOptions } from './sleeper.ts';
import { touchedPage } from './touched.ts';

export type JournalReadingOptions = JournalPagesOptions & {
  readonly statements: Pick<Statements, 'readJournal' | 'horizon'>;
  readonly ringMax: number;
  readonly onPage: (page: JournalPage) => void;
  readonly onFault: (error: unknown) => void;
};

export class JournalReading {
  readonly #options: JournalReadingOptions;
  readonly #stopping = new AbortController();
  readonly #sleepers = new Set<Sleeper>();
  readonly #done: Promise<void>;
  #ring: JournalRing | undefined;
  #fault: Error | undefined;

  constructor(options: JournalReadingOptions) {
    this.#options = options;
    this.#done = this.#run();
  }

  /**
   * The ring, once the reader has its place; undefined where it or the signal ended before. Not one promise for all: that would remember everybody
   * who gave up on it during an outage.
   */
  async positioned(signal: AbortSignal): Promise<JournalRing | undefined> {
    if (this.#ring !== undefined) return this.#ring;
    using sleeper = this.sleeper(signal, () => false);
    while (this.#ring === undefined && !signal.aborted && this.runs) await sleeper.sleep();
    return this.#ring;
  }

  get fault(): Error | undefined {
    return this.#fault;
  }

  /** False where nobody will be woken any more. */
  get runs(): boolean {
    return !this.#stopping.signal.aborted;
  }

  /** Woken when the ring is there or has grown by a page that is not skipped, and when the run ends. */
  sleeper(signal: AbortSignal, skips: SleeperOptions['skips']): Sleeper {
    const sleeper = new Sleeper({ signal, skips, onLeave: (it) => this.#sleepers.delete(it) });
    this.#sleepers.add(sleeper);
    return sleeper;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wakeAll();
    await this.#done;
  }

  async #run(): Promise<void> {
    try {
      await this.#read();
    } catch (error) {
      if (!this.#stopping.signal.aborted) {
        this.#fault = error instanceof Error ? error : new Error('the journal reader failed', { cause: error });
        this.#options.onFault(error);
      }
    }
    this.#stopping.abort();
    this.#wakeAll();
  }

  async #read(): Promise<void> {
    const { statements, ringMax, retry, onPage } = this.#options;
    const { signal } = this.#stopping;
    const start = await retried({ ...retry, signal }, () => statements.horizon());
    const ring = new JournalRing(start, ringMax);
    this.#ring = ring;
    this.#wakeAll();
    for await (const page of journalPages(this.#options, start, signal)) {
      if (page.entries.length === 0) continue;
      ring.push(page.entries);
      onPage(page);
      const touched = touchedPage(page.entries);
      for (const sleeper of this.#sleepers) sleeper.offer(touched);
    }
  }

  #wakeAll(): void {
    for (const sleeper of this.#sleepers) sleeper.wake();
  }
}
