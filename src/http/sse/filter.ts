/** Who may see a journal entry in a stream: only its own client, and only what the filters ask for. */
import type { JournalEntry } from '../../persistence/statements.ts';
import type { AccountId, ClientId, TransactionId } from '../../transaction/ids.ts';
import { parseAccountId, parseTransactionId } from '../../transaction/ids.ts';
import type { StreamParameters } from '../schemas.ts';

export type StreamFilter = {
  readonly clientId: ClientId;
  readonly statuses: ReadonlySet<string> | undefined;
  readonly account: AccountId | undefined;
  readonly transactionId: TransactionId | undefined;
};

/** The parameters have passed their schema. */
export function streamFilter(clientId: ClientId, { status, account, transactionId }: StreamParameters): StreamFilter {
  return {
    clientId,
    statuses: status === undefined ? undefined : new Set(status.split(',')),
    account: account === undefined ? undefined : parseAccountId(account),
    transactionId: transactionId === undefined ? undefined : parseTransactionId(transactionId),
  };
}

/** What all that passes has in common, and as little else as possible. */
export function commonTo({ clientId, account, transactionId }: StreamFilter): TransactionId | AccountId | ClientId {
  return transactionId ?? account ?? clientId;
}

/** A superseded decision changes no status: it moves positions and is shown to nobody. */
export function passes(filter: StreamFilter, { event, transaction }: JournalEntry): boolean {
  const { opened, status } = transaction;
  return (
    opened.clientId === filter.clientId &&
    event.type !== 'DecisionSuperseded' &&
    (filter.statuses === undefined || filter.statuses.has(status)) &&
    (filter.transactionId === undefined || filter.transactionId === opened.id) &&
    (filter.account === undefined ||
      filter.account === opened.debitAccountId ||
      filter.account === opened.creditAccountId)
  );
}
