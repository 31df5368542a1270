/**
 * What the HTTP layer asks of the rest of Verdict. `roles/` joins it from actors, store and status feed; tests from memory.
 * Every call may reject with a Failure; a business outcome is always an answer.
 */
import type { JournalCursor } from '../persistence/cursor.ts';
import type { JournalEntry, ListQuery } from '../persistence/statements.ts';
import type { AccountId, ClientId, IdempotencyKey, TransactionId } from '../transaction/ids.ts';
import type { Money } from '../transaction/money.ts';
import type { KnownTransaction, TransferType } from '../transaction/states.ts';

export type Api = {
  readonly open: (request: OpenRequest) => Promise<OpenAnswer>;
  /** Undefined where the client has no such transaction. */
  readonly read: (clientId: ClientId, id: TransactionId, wait?: Wait) => Promise<ReadAnswer | undefined>;
  /** Newest first. */
  readonly list: (query: ListQuery) => Promise<readonly KnownTransaction[]>;
  /** In the order of the versions; none where the client has no such transaction. */
  readonly history: (clientId: ClientId, id: TransactionId) => Promise<readonly JournalEntry[]>;
  /** The place from which on nothing has been streamed yet. Whatever lies before it is seen by a later `history`. */
  readonly now: () => Promise<JournalCursor>;
  /** The place that a Last-Event-ID names, or why it names none. */
  readonly resume: (lastEventId: string) => Promise<JournalCursor | CursorRefusal>;
  readonly formatCursor: (cursor: JournalCursor) => string;
  /**
   * Everybody's entries after the cursor, in order, without a gap or a repeat, until the signal aborts.
   * A batch may be empty: then only its cursor has moved. Nothing is read ahead of the one who asks. What the interest does not let pass may be left out.
   */
  readonly follow: (from: JournalCursor, signal: AbortSignal, interest?: Interest) => AsyncIterable<JournalBatch>;
};

export type Interest = {
  readonly passes: (entry: JournalEntry) => boolean;
  /** Where it is named, whatever passes touches it. */
  readonly touching?: TransactionId | AccountId | ClientId;
  /** In place of a batch that nothing was left of. */
  readonly passedOver: (upTo: JournalCursor) => void;
};

export type OpenRequest = {
  readonly clientId: ClientId;
  readonly idempotencyKey: IdempotencyKey;
  readonly debitAccountId: AccountId;
  readonly creditAccountId: AccountId;
  readonly transferType: TransferType;
  readonly money: Money;
  /** Asks for the answer once the transaction is terminal, or after the time. */
  readonly wait: Wait | undefined;
};

/** The signal aborts when nobody wants to wait any longer: the caller left, or the process closes. */
export type Wait = { readonly ms: number; readonly signal: AbortSignal };

export type OpenAnswer =
  | {
      readonly type: 'opened';
      /** As the first request with this key was, or now is, answered. */
      readonly transaction: KnownTransaction;
      readonly replayed: boolean;
      /** The wait was honoured: the transaction is terminal, or the time has passed. */
      readonly waited: boolean;
    }
  | { readonly type: 'in_flight'; readonly retryAfterMs: number }
  /** JSON Pointers into the request body, with the spelling `/transferTypeId`. */
  | { readonly type: 'key_reused'; readonly differing: readonly string[] };

export type ReadAnswer = { readonly transaction: KnownTransaction; readonly waited: boolean };

export type CursorRefusal = 'malformed' | 'foreign' | 'future' | 'unknown' | 'pruned';

export type JournalBatch = { readonly entries: readonly JournalEntry[]; readonly cursor: JournalCursor };
