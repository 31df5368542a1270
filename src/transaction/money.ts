/** Amounts are whole minor units inside and exact decimal text outside; no binary fraction ever touches them. */
export type Money = {
  /** Whole minor units, greater than zero and of at most 15 digits, so that the decimal text survives a reader's double. */
  readonly amountMinor: bigint;
  /** Decimal places of the minor unit. */
  readonly digits: number;
  /** ISO 4217 code; null where the caller gave none. */
  readonly currency: string | null;
};

export type MoneyFault = 'not_a_decimal' | 'not_positive' | 'too_precise' | 'too_large';

export const maxAmountMinor = 999_999_999_999_999n;

/**
 * Reads decimal text (`10`, `10.50`, `1e3`: what JSON calls a number, without a leading plus) as minor units.
 * Trailing zeros past the currency's places are no precision; anything else past them is refused.
 */
export function parseAmount(text: string, digits: number): bigint | MoneyFault {
  const match = /^(-?)(0|[1-9]\d{0,30})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (match === null) return 'not_a_decimal';
  const [, sign, whole = '0', fraction = '', exponent = '0'] = match;
  const mantissa = `${whole}${fraction}`.replace(/^0+/, '');
  if (mantissa === '' || sign === '-') return 'not_positive';
  const shift = digits - fraction.length + Number(exponent);
  if (mantissa.length + shift > 16) return 'too_large';
  const scaled = shift >= 0 ? mantissa + '0'.repeat(shift) : cutZeros(mantissa, -shift);
  if (scaled === undefined) return 'too_precise';
  const amountMinor = BigInt(scaled);
  return amountMinor > maxAmountMinor ? 'too_large' : amountMinor;
}

/** The shortest decimal text of the amount, a valid JSON number: `120`, `10.5`, `1000.01`. */
export function formatAmount({ amountMinor, digits }: Pick<Money, 'amountMinor' | 'digits'>): string {
  const text = amountMinor.toString().padStart(digits + 1, '0');
  const cut = text.length - digits;
  const fraction = text.slice(cut).replace(/0+$/, '');
  return fraction === '' ? text.slice(0, cut) : `${text.slice(0, cut)}.${fraction}`;
}

/** Removes `count` digits from the end if all of them are zeros. */
function cutZeros(digits: string, count: number): string | undefined {
  const kept = digits.slice(0, Math.max(0, digits.length - count));
  return kept !== '' && /^0*$/.test(digits.slice(kept.length)) ? kept : undefined;
}
