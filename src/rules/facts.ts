/** What a rule may see of a transaction. Whole numbers are 64-bit, as CEL has them. */
import type { OpenedTransaction } from '../transaction/states.ts';

export type Facts = {
  readonly transaction: {
    readonly amountMinor: bigint;
    /** Minor units in one unit of the currency, so that a rule can speak of units: `1000 * transaction.unitMinor`. */
    readonly unitMinor: bigint;
    /** ISO 4217 code; empty where the caller gave none. */
    readonly currency: string;
    readonly transferType: bigint;
    readonly debitAccountId: string;
    readonly creditAccountId: string;
    readonly clientId: string;
  };
};

/** The same names as CEL types: a rule that uses another one is refused when it is loaded. */
export const factTypes = {
  transaction: {
    amountMinor: 'int',
    unitMinor: 'int',
    currency: 'string',
    transferType: 'int',
    debitAccountId: 'string',
    creditAccountId: 'string',
    clientId: 'string',
  },
} as const satisfies { readonly [Name in keyof Facts]: { readonly [Fact in keyof Facts[Name]]: 'int' | 'string' } };

export type ScreenedTransaction = Pick<
  OpenedTransaction,
  'amountMinor' | 'digits' | 'currency' | 'transferType' | 'debitAccountId' | 'creditAccountId' | 'clientId'
>;

export function factsOf(transaction: ScreenedTransaction): Facts {
  return {
    transaction: {
      amountMinor: transaction.amountMinor,
      unitMinor: 10n ** BigInt(transaction.digits),
      currency: transaction.currency ?? '',
      transferType: BigInt(transaction.transferType.id),
      debitAccountId: transaction.debitAccountId,
      creditAccountId: transaction.creditAccountId,
      clientId: transaction.clientId,
    },
  };
}
