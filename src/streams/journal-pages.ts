/**
 * Reads the journal forward from a cursor for as long as the signal lets it, page by page as they are asked for: at once while pages are full, soon where
 * the commit horizon holds something back, and else at a wake or a slow poll. Outages are ridden out; no page is skipped or read twice.
 */
import type { JournalCursor } from '../persistence/cursor.ts';
import type { JournalEntries, JournalPage, Statements } from '../persistence/statements.ts';
import { paceAfter } from '../platform/batching/batch-while-busy.ts';
import type { Clock } from '../platform/clock.ts';
import { retried } from './operators/with-retry.ts';
import type { RetryOptions } from './operators/with-retry.ts';
import type { Waker } from './waker.ts';

export type JournalPagesOptions = {
  readonly statements: Pick<Statements, 'readJournal'>;
  readonly clock: Clock;
  readonly waker: Waker;
  readonly pageMax: number;
  /** Left out is all. */
  readonly which?: JournalEntries;
  /** A wake is a hint; this finds what no wake announced. */
  readonly pollMs: number;
  /** From the start of one read to the next, as `paceAfter` has it, so that a busy journal is read in batches. */
  readonly paceMs: number;
  readonly paceFrom?: number | undefined;
  readonly retry: Omit<RetryOptions, 'signal'>;
};

/** What is held back is usually the commit of a neighbour, some milliseconds away, which wakes; a unit of work that tells nobody is asked for ever less often. */
const heldBackMs = 5;

export async function* journalPages(
  options: JournalPagesOptions,
  from: JournalCursor,
  signal: AbortSignal,
): AsyncGenerator<JournalPage, void> {
  const { clock, waker, pollMs } = options;
  let after = from;
  let fruitless = 0;
  while (!signal.aborted) {
    const startedAt = clock.elapsed();
    const page = await readPage(options, after, signal);
    if (page === undefined) return;
    yield page;
    after = page.next;
    if (page.full) continue;
    fruitless = page.more && page.entries.length === 0 ? fruitless + 1 : 0;
    await waker.sleep(page.more ? Math.min(pollMs, heldBackMs * 2 ** Math.min(fruitless, 10)) : pollMs, signal);
    const pausedMs = startedAt + paceAfter(options, Math.max(1, page.entries.length)) - clock.elapsed();
    if (pausedMs > 0) await clock.sleep(pausedMs, signal);
  }
}

async function readPage(
  { statements, pageMax, which, retry }: JournalPagesOptions,
  after: JournalCursor,
  signal: AbortSignal,
): Promise<JournalPage | undefined> {
  try {
    return await retried({ ...retry, signal }, () => statements.readJournal(after, pageMax, which));
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
