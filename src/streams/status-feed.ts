/**
 * The journal as it grows, for everybody in this process: one reader, whatever the number of followers, and none while nobody follows or watches.
 * A follower pulls: it sees every entry after its cursor exactly once, in cursor order, however slow it is, because what has left the ring is read again from the journal.
 */
import { Subject } from 'rxjs';
import type { Observable } from 'rxjs';

import type { JournalCursor } from '../persistence/cursor.ts';
import type { JournalPage, Statements } from '../persistence/statements.ts';
import { Batcher } from '../platform/batching/batcher.ts';
import type { TerminalTransaction } from '../transaction/states.ts';
import { isTerminal } from '../transaction/states.ts';
import { DirectReads } from './direct-reads.ts';
import type { JournalBatch } from './direct-reads.ts';
import type { JournalPagesOptions } from './journal-pages.ts';
import { everything, following } from './following.ts';
import type { Lease } from './following.ts';
import { JournalReading } from './journal-reading.ts';
import { Waker } from './waker.ts';

export type StatusFeedOptions = Omit<JournalPagesOptions, 'statements' | 'waker'> & {
  readonly statements: Pick<Statements, 'readJournal' | 'horizon'>;
  /** Entries kept in memory for followers that are a little behind. */
  readonly ringMax: number;
  /** Reads at once for followers that are further behind. */
  readonly directReadsMax: number;
  /** Entries in one of these: each follower that stops reading keeps one in memory until it is cut, some 2 kB an entry with its frame. */
  readonly directPageMax: number;
  /** How long the reader goes on after the last one left: waiters come and go many times a second. */
  readonly lingerMs: number;
  readonly onPage?: (entries: number) => void;
  /** What no retry cures: followers of the moment are cut, and the next one starts the reader anew. */
  readonly onFault?: (error: unknown) => void;
};

/** While it is held, `settled$` misses nothing that becomes terminal after `ready` resolved, unless the signal ended that wait. */
export type Watch = {
  readonly ready: (signal: AbortSignal) => Promise<void>;
  readonly [Symbol.dispose]: () => void;
};

export class StatusFeed {
  readonly #options: StatusFeedOptions;
  readonly #waker: Waker;
  readonly #closing = new AbortController();
  readonly #settled = new Subject<TerminalTransaction>();
  readonly #horizons: Batcher<void, JournalCursor>;
  readonly #direct: DirectReads;
  #reading: JournalReading | undefined;
  #leases = 0;
  #lingering = false;

  constructor(options: StatusFeedOptions) {
    this.#options = options;
    const { statements, clock, directPageMax } = options;
    const retry = { ...options.retry, signal: this.#closing.signal };
    this.#waker = new Waker(clock);
    this.#direct = new DirectReads({
      ...{ statements, retry, pageMax: directPageMax },
      concurrencyMax: options.directReadsMax,
    });
    this.#horizons = new Batcher({
      ...{ name: 'horizons', batchMax: 10_000, waitingMax: 10_000, paceMs: 0, scheduler: clock.scheduler },
      work: async (asked) => {
        const horizon = await statements.horizon();
        return asked.map(() => horizon);
      },
    });
  }

  /** Everything that becomes terminal, in journal order, while somebody follows or watches. */
  get settled$(): Observable<TerminalTransaction> {
    return this.#settled;
  }

  /** Those who follow or watch. */
  get leases(): number {
    return this.#leases;
  }

  /** Something was committed: look soon. Costs nothing while nobody reads. */
  wake(): void {
    this.#waker.wake();
  }

  /** Where a follower stands that wants only what comes from now on. */
  now(): Promise<JournalCursor> {
    return this.#horizons.ask();
  }

  watch(): Watch {
    const { reading, [Symbol.dispose]: release } = this.#lease();
    const ready = async (signal: AbortSignal): Promise<void> => void (await reading.positioned(signal));
    return { ready, [Symbol.dispose]: release };
  }

  /** Ends when the signal aborts or the feed closes. Reads nothing ahead of the one who asks. */
  follow(from: JournalCursor, signal: AbortSignal, interest = everything): AsyncGenerator<JournalBatch, void> {
    const { pageMax } = this.#options;
    const lease = (): Lease => this.#lease();
    const signals = [signal, this.#closing.signal] as const;
    return following({ lease, direct: this.#direct, pageMax, signals, interest }, from);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#reading?.stop();
    await this.#horizons[Symbol.asyncDispose]();
    this.#settled.complete();
  }

  #lease(): Lease {
    const reading = this.#read();
    let held = true;
    this.#leases += 1;
    return {
      reading,
      [Symbol.dispose]: () => {
        if (held) this.#release();
        held = false;
      },
    };
  }

  #read(): JournalReading {
    this.#reading ??= new JournalReading({
      ...this.#options,
      waker: this.#waker,
      onPage: (page) => this.#emit(page),
      onFault: (error) => {
        this.#reading = undefined;
        this.#options.onFault?.(error);
      },
    });
    return this.#reading;
  }

  #emit(page: JournalPage): void {
    this.#options.onPage?.(page.entries.length);
    for (const { event, transaction } of page.entries) {
      const settled = event.type === 'TransactionApproved' || event.type === 'TransactionRejected';
      if (settled && isTerminal(transaction)) this.#settled.next(transaction);
    }
  }

  #release(): void {
    this.#leases -= 1;
    if (this.#leases > 0 || this.#lingering || this.#closing.signal.aborted) return;
    this.#lingering = true;
    void this.#options.clock.sleep(this.#options.lingerMs, this.#closing.signal).then(() => {
      this.#lingering = false;
      if (this.#leases > 0 || this.#closing.signal.aborted) return;
      const reading = this.#reading;
      this.#reading = undefined;
      return reading?.stop();
    });
  }
}
