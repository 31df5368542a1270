/** What can be asked of the actor of one transaction, and what it replies to each. */
import type { AnswerVersion } from '../persistence/statements.ts';
import type { OpenResult } from '../persistence/transaction-store.ts';
import type { DeadlinePolicy } from '../transaction/commands.ts';
import type { Decision } from '../transaction/decision.ts';
import type { ClientId } from '../transaction/ids.ts';
import type { KnownTransaction, OpenedTransaction, TerminalTransaction } from '../transaction/states.ts';

type Payloads = {
  /** The id is fresh; the client's key may be held by another transaction already. Null leaves the answer to be fixed later. */
  Open: { readonly transaction: OpenedTransaction; readonly answerVersion: Exclude<AnswerVersion, 2> | null };
  ApplyDecision: { readonly decision: Decision; readonly at: number };
  Expire: { readonly policy: DeadlinePolicy; readonly at: number };
  /** The transaction as this actor knows it; another process may have moved on. */
  Read: object;
  /** Replies as soon as the transaction is terminal, else with what is true when the signal ends. Does not hold up other messages. */
  AwaitTerminal: { readonly clientId: ClientId; readonly signal: AbortSignal };
  /** The journal says that the transaction is terminal. */
  Observe: { readonly transaction: TerminalTransaction };
};

type Replies = {
  Open: OpenResult;
  ApplyDecision: SettleReply;
  Expire: SettleReply;
  Read: KnownTransaction | undefined;
  /** Undefined for an unknown id and for what belongs to another client. */
  AwaitTerminal: KnownTransaction | undefined;
  Observe: undefined;
};

/** `unchanged`: the state had absorbed the command already, or the time for it has not come. */
export type SettleReply =
  | { readonly type: 'settled' }
  | { readonly type: 'unchanged'; readonly transaction: KnownTransaction }
  | { readonly type: 'unknown' };

export type MessageType = keyof Payloads;
export type TransactionMessage<Type extends MessageType = MessageType> = {
  readonly [Each in Type]: { readonly type: Each } & Payloads[Each];
}[Type];
export type ReplyOf<Type extends MessageType> = Replies[Type];
