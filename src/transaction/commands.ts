/** Requests to change one transaction. Each may arrive any number of times. */
import type { Decision } from './decision.ts';
import type { OpenedTransaction } from './states.ts';

export type TransactionCommand =
  | { readonly type: 'OpenTransaction'; readonly transaction: OpenedTransaction }
  | { readonly type: 'ApplyDecision'; readonly decision: Decision; readonly at: number }
  | { readonly type: 'ExpireTransaction'; readonly policy: DeadlinePolicy; readonly at: number };

/** What becomes of a transaction that no rule has judged by its deadline. */
export type DeadlinePolicy = 'APPROVED' | 'REJECTED';
