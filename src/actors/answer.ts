/** What a POST was answered with is a rendering of its transaction at the recorded version, so that every replay has the same bytes. */
import type { AnswerVersion } from '../persistence/statements.ts';
import { formatAmount } from '../transaction/money.ts';
import type { KnownTransaction, OpenedTransaction } from '../transaction/states.ts';
import { isTerminal } from '../transaction/states.ts';

/** The transaction as it was at the version; undefined where what is at hand was read before the transaction got there. */
export function asAnswered(transaction: KnownTransaction, version: AnswerVersion): KnownTransaction | undefined {
  if (version === 1) return { status: 'PENDING', version: 1, opened: transaction.opened };
  return isTerminal(transaction) ? { ...transaction, version: 2 } : undefined;
}

/** JSON Pointers to the members of the request in which two transactions differ; what the service itself added is not compared. */
export function differingMembers(asked: OpenedTransaction, held: OpenedTransaction): readonly string[] {
  const same: Readonly<Record<string, boolean>> = {
    '/accountExternalIdDebit': asked.debitAccountId === held.debitAccountId,
    '/accountExternalIdCredit': asked.creditAccountId === held.creditAccountId,
    '/transferTypeId': asked.transferType.id === held.transferType.id,
    '/value': formatAmount(asked) === formatAmount(held),
    '/currency': asked.currency === held.currency,
  };
  return Object.keys(same).filter((pointer) => same[pointer] === false);
}
