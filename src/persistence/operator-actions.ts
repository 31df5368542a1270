/**
 * The journal of what operators did to dead letters (prunes stand beside it, in sql/prune-actions.ts): written before anything is done and again when it is, and never taken back.
 * An action that has begun and not ended is one of which nobody knows whether it came about.
 */
import type { ClientId } from '../transaction/ids.ts';

export interface OperatorActions {
  /** Answers with the number of each action, in their order. A rejection may leave actions that have begun and never end. */
  begin(actions: readonly NewOperatorAction[]): Promise<readonly ActionId[]>;
  /** May be said again. */
  end(ids: readonly ActionId[], outcome: 'done' | 'failed'): Promise<void>;
  /** All that was done, or begun, to these letters, oldest first. */
  about(letters: readonly LetterId[]): Promise<readonly OperatorAction[]>;
}

export type ActionName = 're-drive' | 'discard';
/** Decimal digits. */
export type ActionId = string;
/** The place where a dead letter lies; the fingerprint (64 hex digits) tells it from another that lay there before the log was wiped. */
export type LetterId = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly fingerprint: string;
};
/** Who acts: the API key, and the client that it belongs to. */
export type Operator = { readonly keyId: string; readonly clientId: ClientId };

export type NewOperatorAction = {
  readonly name: ActionName;
  readonly letter: LetterId;
  readonly operator: Operator;
  /** Milliseconds since the epoch. */
  readonly at: number;
};

export type OperatorAction = NewOperatorAction & {
  readonly id: ActionId;
  readonly outcome: 'begun' | 'done' | 'failed';
};

export type LetterState = 'waiting' | 're-driven' | 'discarded';

/** What became of a letter: its last action that came about decides. */
export function letterState(actions: readonly Pick<OperatorAction, 'name' | 'outcome'>[]): LetterState {
  const last = actions.findLast(({ outcome }) => outcome === 'done');
  if (last === undefined) return 'waiting';
  return last.name === 're-drive' ? 're-driven' : 'discarded';
}
