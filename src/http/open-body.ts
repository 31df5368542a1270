/** Turns a parsed body into what is to be opened, or says everything that is wrong with it at once. */
import type { OpenRequest } from './api.ts';
import type { Fault } from './middleware/problems.ts';
import { Problem } from './middleware/problems.ts';
import type { ParsedOpenBody } from './schemas.ts';
import { ParsedOpenBody as schema } from './schemas.ts';
import { bodyValidator } from './validation.ts';
import type { AccountId } from '../transaction/ids.ts';
import { parseAccountId } from '../transaction/ids.ts';
import type { Money, MoneyFault } from '../transaction/money.ts';
import { parseAmount } from '../transaction/money.ts';
import type { TransferType } from '../transaction/states.ts';

export type Catalogue = {
  readonly transferTypes: readonly TransferType[];
  /** Decimal places where no currency is given. */
  readonly defaultDigits: number;
  /** Decimal places by ISO 4217 code; a code that is not here is unknown. */
  readonly currencies: Readonly<Record<string, number>>;
};

export type OpenContent = Pick<OpenRequest, 'debitAccountId' | 'creditAccountId' | 'transferType' | 'money'>;

/**
 * The same account on both sides is let through: the public challenge does not forbid it, and whether a transfer onto itself
 * is suspicious is a question for a rule, which leaves a decision and a trace, and not for input validation, which leaves nothing.
 */
export function openBodyReader(catalogue: Catalogue): (body: unknown) => OpenContent {
  const validate = bodyValidator(schema);
  const transferTypes = new Map(catalogue.transferTypes.map((type) => [type.id, type]));
  const digits = new Map(Object.entries(catalogue.currencies));
  return (body) => {
    const validated = validate(body);
    if ('faults' in validated) throw new Problem('invalid_transaction', { errors: validated.faults });
    const { value } = validated;
    const faults: Fault[] = [];
    const transferType = readTransferType(value, transferTypes, faults);
    const money = readMoney(value, catalogue.defaultDigits, digits, faults);
    if (transferType === undefined || money === undefined) throw new Problem('invalid_transaction', { errors: faults });
    return {
      debitAccountId: accountId(value.accountExternalIdDebit),
      creditAccountId: accountId(value.accountExternalIdCredit),
      transferType,
      money,
    };
  };
}

function accountId(text: string): AccountId {
  const id = parseAccountId(text);
  if (id === undefined) throw new Error('the schema and parseAccountId disagree about what a UUID is');
  return id;
}

function readTransferType(
  { transferTypeId, tranferTypeId }: ParsedOpenBody,
  known: ReadonlyMap<number, TransferType>,
  faults: Fault[],
): TransferType | undefined {
  const pointer = transferTypeId === undefined && tranferTypeId !== undefined ? '/tranferTypeId' : '/transferTypeId';
  const id = transferTypeId ?? tranferTypeId;
  const type = id === undefined ? undefined : known.get(id);
  if (id === undefined) {
    faults.push({ pointer, code: 'required', detail: 'This is needed.' });
  } else if (tranferTypeId !== undefined && tranferTypeId !== id) {
    faults.push({ pointer, code: 'contradictory', detail: 'The two spellings hold different ids.' });
    return undefined;
  } else if (type === undefined) {
    faults.push({ pointer, code: 'unknown_transfer_type', detail: 'No transfer type has this id.' });
  }
  return type;
}

function readMoney(
  { value, currency }: ParsedOpenBody,
  defaultDigits: number,
  known: ReadonlyMap<string, number>,
  faults: Fault[],
): Money | undefined {
  const digits = currency === undefined ? defaultDigits : known.get(currency);
  if (digits === undefined) {
    faults.push({ pointer: '/currency', code: 'unknown_currency', detail: 'This currency is not known here.' });
    return undefined;
  }
  const amountMinor = parseAmount(value, digits);
  if (typeof amountMinor === 'bigint') return { amountMinor, digits, currency: currency ?? null };
  faults.push({ pointer: '/value', code: amountMinor, detail: amountDetails[amountMinor](digits) });
  return undefined;
}

const amountDetails: Readonly<Record<MoneyFault, (digits: number) => string>> = {
  not_a_decimal: () => 'This must be a JSON number or decimal text.',
  not_positive: () => 'This must be greater than zero.',
  too_precise: (digits) => `This may have at most ${digits} decimal places.`,
  too_large: (digits) => `This may have at most ${15 - digits} digits before the decimal point.`,
};
