/**
 * What Verdict asks of its database, a whole batch at a time. Each call is one unit of work: all of it is kept or nothing.
 * A rejection with a retryable Failure leaves open which; every call may therefore be made again with the same arguments.
 */
import type { TransactionEvent } from '../transaction/events.ts';
import type { ClientId, IdempotencyKey, TransactionId } from '../transaction/ids.ts';
import type { KnownTransaction, OpenedTransaction, TransactionStatus } from '../transaction/states.ts';
import type { AccountId } from '../transaction/ids.ts';
import type { JournalCursor } from './cursor.ts';

export interface Statements {
  /** Inserts the transactions whose client and key are free, each with its journal row; answers with the ids that were inserted. */
  open(batch: readonly NewTransaction[]): Promise<ReadonlySet<TransactionId>>;
  /** Applies each change whose transaction still has the expected version, with its journal row; answers with the ids that changed. */
  change(batch: readonly TransactionChange[]): Promise<ReadonlySet<TransactionId>>;
  load(ids: readonly TransactionId[]): Promise<readonly StoredTransaction[]>;
  /** Only what belongs to the client that asks. */
  read(keys: readonly ClientScoped[]): Promise<readonly StoredTransaction[]>;
  loadByKey(keys: readonly ClientKey[]): Promise<readonly StoredTransaction[]>;
  /** Records which version a POST was answered with, where none is recorded yet; answers with what is recorded now. */
  fixAnswers(answers: readonly FixedAnswer[]): Promise<ReadonlyMap<TransactionId, AnswerVersion>>;
  list(query: ListQuery): Promise<readonly KnownTransaction[]>;
  history(clientId: ClientId, id: TransactionId): Promise<readonly JournalEntry[]>;
  /**
   * Entries in cursor order. A page looks at `limit` of them at the most, and holds those that were asked for.
   * Rejects with `journal_pruned` where rows after the cursor were pruned: no page leaves any out.
   */
  readJournal(after: JournalCursor, limit: number, which?: JournalEntries): Promise<JournalPage>;
  /** The cursor before which everything is readable now, and what the given one is worth. */
  horizon(): Promise<JournalCursor>;
  lookUpCursor(cursor: JournalCursor): Promise<CursorStanding>;
  /** Twelve characters of [0-9a-z] made once, when the schema was created. */
  journalId(): Promise<string>;
  /** PENDING transactions opened after the cursor and stored at least `olderThanMs` ago by the database's clock, and the cursor up to which the walk went. */
  walkPending(after: JournalCursor, olderThanMs: number, limit: number): Promise<PendingWalk>;
  stillPending(ids: readonly TransactionId[]): Promise<ReadonlySet<TransactionId>>;
  loadCursor(name: string): Promise<JournalCursor | undefined>;
  /** With a turn, saved only while nobody has taken a later one of that name; false where somebody has. */
  saveCursor(name: string, cursor: JournalCursor, turn?: Turn): Promise<boolean>;
  /** Numbers those who write the cursors of one name after one another: what an earlier one still has under way is not saved any more. */
  takeTurn(name: string): Promise<Turn>;
  /** Removes transactions, each with all of its journal rows, or counts them. Never PENDING ones, nor what a reader has still to read. */
  prune(range: PruneRange): Promise<PruneStep>;
  /** How many transactions there are of each status. Reads every row: for checks and slow metrics. */
  countByStatus(): Promise<ReadonlyMap<TransactionStatus, number>>;
}

/** Which version of the transaction the first POST was, or will be, answered with; null while a waiting POST has not been answered. */
export type AnswerVersion = 1 | 2;
export type NewTransaction = { readonly transaction: OpenedTransaction; readonly answerVersion: 1 | null };
export type StoredTransaction = {
  readonly transaction: KnownTransaction;
  readonly answerVersion: AnswerVersion | null;
};
export type TransactionChange = {
  readonly id: TransactionId;
  readonly expectedVersion: 1 | 2;
  readonly event: Exclude<TransactionEvent, { type: 'TransactionOpened' }>;
};
export type ClientScoped = { readonly clientId: ClientId; readonly id: TransactionId };
export type ClientKey = { readonly clientId: ClientId; readonly key: IdempotencyKey };
export type FixedAnswer = { readonly id: TransactionId; readonly version: AnswerVersion };

/** Newest first. `before` is the id of the last transaction of the page before; ids carry their creation time, so the range is one on ids. */
export type ListQuery = {
  readonly clientId: ClientId;
  readonly limit: number;
  readonly before?: TransactionId;
  readonly status?: TransactionStatus;
  /** Either side. */
  readonly account?: AccountId;
  /** Inclusive, milliseconds since the epoch. */
  readonly createdFrom?: number;
  /** Exclusive. */
  readonly createdTo?: number;
};

/** One row of the journal, with the transaction as it was right after it. */
export type JournalEntry = {
  readonly cursor: JournalCursor;
  readonly event: TransactionEvent;
  readonly transaction: KnownTransaction;
};

/** Left out is all. `terminal` are the transitions to APPROVED and REJECTED. */
export type JournalEntries = 'all' | 'terminal';

/** `unknown` was never handed out; after a `pruned` one rows are gone. */
export type CursorStanding = 'known' | 'unknown' | 'pruned';

export type JournalPage = {
  readonly entries: readonly JournalEntry[];
  /** Where to go on; equal to `after` where nothing was readable. */
  readonly next: JournalCursor;
  /** As many entries were looked at as the limit lets: there may be others right behind. */
  readonly full: boolean;
  /** Something is written that this page does not hold: the page was full, or a unit of work still holds the horizon back. */
  readonly more: boolean;
};

/** A fencing token. */
export type Turn = { readonly name: string; readonly number: bigint };

export type PendingWalk = {
  readonly pending: readonly { readonly cursor: JournalCursor; readonly opened: OpenedTransaction }[];
  readonly next: JournalCursor;
  /** The limit cut the walk short. */
  readonly more: boolean;
};

/** A stretch of the oldest transactions, in the order of their ids. */
export type PruneRange = {
  /** Where the step before ended; undefined at the beginning. */
  readonly after: TransactionId | undefined;
  /** By the database's clock: since the transaction was opened and since the last of its journal rows was stored. */
  readonly olderThanMs: number;
  /** Transactions that are looked at. */
  readonly limit: number;
  /** Names of cursors, all of which must have passed what is removed. One that was never saved has passed nothing. */
  readonly readers: readonly string[];
  /** Removes nothing, and counts what would be. */
  readonly dryRun: boolean;
};

export type PruneStep = {
  readonly transactions: number;
  readonly journalRows: number;
  /** Old enough, and PENDING. */
  readonly pending: number;
  /** Opened long enough ago and terminal, but a reader has still to pass it, or something came to it lately, or somebody is at it. */
  readonly held: number;
  /** Undefined where nothing older is left to look at. */
  readonly next: TransactionId | undefined;
};
