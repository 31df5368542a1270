import fc from 'fast-check';
import * as assert from 'uvu/assert';

import { formatAmount, maxAmountMinor, parseAmount } from '../../src/transaction/money.ts';
import { suite } from '../support/suite.ts';

const test = suite('money');
const digits = fc.integer({ min: 0, max: 4 });

test('decimal text is read as minor units', () => {
  assert.is(parseAmount('120', 2), 12_000n);
  assert.is(parseAmount('10.5', 2), 1_050n);
  assert.is(parseAmount('10.50', 2), 1_050n);
  assert.is(parseAmount('1000.01', 2), 100_001n);
  assert.is(parseAmount('1e3', 2), 100_000n);
  assert.is(parseAmount('15E-1', 2), 150n);
  assert.is(parseAmount('0.29', 2), 29n);
  assert.is(parseAmount('7.000', 0), 7n);
});

test('what is no amount says why', () => {
  for (const text of [
    '',
    ' 1',
    '1 ',
    '+1',
    '01',
    '.5',
    '5.',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1e1000',
    '1\n',
    '٣',
  ]) {
    assert.is(parseAmount(text, 2), 'not_a_decimal', text);
  }
  for (const text of ['0', '0.00', '-0', '-1', '-0.01', '0e5']) assert.is(parseAmount(text, 2), 'not_positive', text);
  for (const text of ['0.001', '10.505', '1e-3']) assert.is(parseAmount(text, 2), 'too_precise', text);
  for (const text of ['10000000000000', '1e13', '1e999', '9999999999999.991e1']) {
    assert.is(parseAmount(text, 2), 'too_large', text);
  }
  assert.is(parseAmount('0.5', 0), 'too_precise');
});

test('the largest amount is read and written, the next is refused', () => {
  assert.is(parseAmount('9999999999999.99', 2), maxAmountMinor);
  assert.is(formatAmount({ amountMinor: maxAmountMinor, digits: 2 }), '9999999999999.99');
  assert.is(parseAmount('1000000000000000', 0), 'too_large');
});

test('whatever is written is read back, and survives a reader of JSON numbers', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: maxAmountMinor }), digits, (amountMinor, places) => {
      const text = formatAmount({ amountMinor, digits: places });
      assert.is(parseAmount(text, places), amountMinor);
      assert.is(parseAmount(String(JSON.parse(text)), places), amountMinor);
    }),
  );
});

test('reading agrees with exact decimal arithmetic', () => {
  const decimal = fc.record({
    whole: fc.bigInt({ min: 0n, max: 10n ** 16n }),
    fraction: fc.stringMatching(/^\d{0,6}$/),
    exponent: fc.integer({ min: -8, max: 8 }),
  });
  fc.assert(
    fc.property(decimal, digits, ({ whole, fraction, exponent }, places) => {
      const text = `${whole}${fraction === '' ? '' : `.${fraction}`}${exponent === 0 ? '' : `e${exponent}`}`;
      const expected = exactly(BigInt(`${whole}${fraction}`), places + exponent - fraction.length);
      const read = parseAmount(text, places);
      assert.ok(
        typeof read === 'bigint' ? expected.includes(read) : expected.includes(read),
        `${text}: ${String(read)}`,
      );
    }),
    { numRuns: 2_000 },
  );
});

/** Every answer that is right for `mantissa × 10^shift` minor units: an amount may be too precise and too large at once. */
function exactly(mantissa: bigint, shift: number): readonly (bigint | string)[] {
  if (mantissa === 0n) return ['not_positive'];
  const divisor = 10n ** BigInt(Math.max(0, -shift));
  const scaled = mantissa * 10n ** BigInt(Math.max(0, shift));
  const whole = scaled / divisor;
  const faults = [
    ...(scaled % divisor === 0n ? [] : ['too_precise']),
    ...(whole > maxAmountMinor || (whole === maxAmountMinor && scaled % divisor !== 0n) ? ['too_large'] : []),
  ];
  return faults.length > 0 ? faults : [whole];
}

test.run();
