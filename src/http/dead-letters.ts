/** What the HTTP layer asks about dead letters. `roles/` joins it from the event log and the journal of operator actions. Every call may reject with a Failure. */
import type { ActionName, LetterState, Operator, OperatorAction } from '../persistence/operator-actions.ts';
import type { DeadLetter, LetterPlace } from '../platform/event-log/dead-letter.ts';

export type DeadLetters = {
  /** Oldest first in each partition. A page may hold fewer letters than asked for, and none, although more follow. */
  readonly list: (query: LetterQuery) => Promise<LetterPage | LetterRefusal>;
  readonly read: (place: LetterPlace) => Promise<FoundLetter | undefined>;
  /** Undefined where the one letter that was named is not there. */
  readonly act: (request: ActionRequest) => Promise<ActionReport | LetterRefusal | undefined>;
};

export type FoundLetter = {
  readonly letter: DeadLetter;
  readonly state: LetterState;
  /** Oldest first. */
  readonly actions: readonly OperatorAction[];
};

export type LetterQuery = {
  readonly topic?: string | undefined;
  readonly cause?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly transactionId?: string | undefined;
  readonly state?: LetterState | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
};

export type LetterRefusal = 'unknown_topic' | 'malformed_cursor';

export type LetterPage = { readonly found: readonly FoundLetter[]; readonly next: string | null };

export type ActionRequest = {
  readonly name: ActionName;
  readonly operator: Operator;
  readonly letters: LetterPlace | LetterQuery;
  readonly force: boolean;
  readonly dryRun: boolean;
};

export type ActionReport = { readonly letters: readonly LetterOutcome[]; readonly next: string | null };

export type LetterOutcome = {
  readonly place: LetterPlace;
  readonly outcome: 'done' | 'planned' | 'skipped' | 'failed';
  readonly reason?: string;
};
