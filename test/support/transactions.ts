/** Transactions to test with: valid, distinct, and the same on every run but for their number. */
import type { Decision } from '../../src/transaction/decision.ts';
import type { AccountId, ClientId, IdempotencyKey, TransactionId } from '../../src/transaction/ids.ts';
import type { OpenedTransaction } from '../../src/transaction/states.ts';

const epoch = Date.UTC(2026, 0, 1);

export function transactionId(number: number): TransactionId {
  const time = (epoch + number).toString(16).padStart(12, '0');
  const tail = number.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}` as TransactionId;
}

export function accountId(number: number): AccountId {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}` as AccountId;
}

/** The `number`th transaction, created `number` ms after the first moment of 2026. */
export function openedTransaction(number: number, changes: Partial<OpenedTransaction> = {}): OpenedTransaction {
  return {
    id: transactionId(number),
    clientId: 'local' as ClientId,
    idempotencyKey: `test-key-${number}` as IdempotencyKey,
    debitAccountId: accountId(1),
    creditAccountId: accountId(2),
    transferType: { id: 1, name: 'TRANSFER' },
    amountMinor: 12_000n,
    digits: 2,
    currency: null,
    createdAt: epoch + number,
    decideBy: epoch + number + 60_000,
    ...changes,
  };
}

export const approval: Decision = {
  outcome: 'APPROVED',
  reasons: [],
  ruleset: 'test-1',
  decidedBy: 'RULES',
  decidedAt: epoch + 1_000,
};

export const rejection: Decision = {
  outcome: 'REJECTED',
  reasons: ['AMOUNT_LIMIT_EXCEEDED'],
  ruleset: 'test-1',
  decidedBy: 'RULES',
  decidedAt: epoch + 1_000,
};
