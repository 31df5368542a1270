/** Where a transaction can be: not known, PENDING, or terminal for ever. Times are milliseconds since the Unix epoch. */
import type { Decision } from './decision.ts';
import type { AccountId, ClientId, IdempotencyKey, TransactionId } from './ids.ts';
import type { Money } from './money.ts';

export type OpenedTransaction = Money & {
  readonly id: TransactionId;
  readonly clientId: ClientId;
  readonly idempotencyKey: IdempotencyKey;
  readonly debitAccountId: AccountId;
  readonly creditAccountId: AccountId;
  readonly transferType: TransferType;
  readonly createdAt: number;
  /** From here on the deadline decides in the place of the rules. */
  readonly decideBy: number;
};

/** The name is kept with the transaction, so that its answers stay the same when the table of names changes. */
export type TransferType = { readonly id: number; readonly name: string };

export type TransactionState =
  | { readonly status: 'UNKNOWN'; readonly version: 0 }
  | PendingTransaction
  | TerminalTransaction;

export type PendingTransaction = {
  readonly status: 'PENDING';
  readonly version: 1;
  readonly opened: OpenedTransaction;
};

export type TerminalTransaction = {
  readonly status: 'APPROVED' | 'REJECTED';
  /** 3 once a late decision was superseded. */
  readonly version: 2 | 3;
  readonly opened: OpenedTransaction;
  readonly decision: Decision;
};

/** A transaction that exists. */
export type KnownTransaction = PendingTransaction | TerminalTransaction;
export type TransactionStatus = KnownTransaction['status'];

export const unknownTransaction: TransactionState = { status: 'UNKNOWN', version: 0 };

export function isTerminal(state: TransactionState): state is TerminalTransaction {
  return state.status === 'APPROVED' || state.status === 'REJECTED';
}
