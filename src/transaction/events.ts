/** What has happened to one transaction, in the order of its versions: opened is 1, approved or rejected 2, a superseded late decision 3. */
import type { Decision } from './decision.ts';
import type { OpenedTransaction } from './states.ts';

export type TransactionEvent =
  | { readonly type: 'TransactionOpened'; readonly at: number; readonly transaction: OpenedTransaction }
  | { readonly type: 'TransactionApproved'; readonly at: number; readonly decision: Decision }
  | { readonly type: 'TransactionRejected'; readonly at: number; readonly decision: Decision }
  | { readonly type: 'DecisionSuperseded'; readonly at: number; readonly decision: Decision };

export type TransactionEventType = TransactionEvent['type'];
