import fc from 'fast-check';
import * as assert from 'uvu/assert';

import { decodeTransaction, encodeTransaction } from '../../src/persistence/transaction-codec.ts';
import { maxAmountMinor } from '../../src/transaction/money.ts';
import type { KnownTransaction } from '../../src/transaction/states.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction, rejection } from '../support/transactions.ts';

const test = suite('transaction codec');

const known: fc.Arbitrary<KnownTransaction> = fc
  .record({
    number: fc.nat(1_000_000),
    amountMinor: fc.bigInt({ min: 1n, max: maxAmountMinor }),
    digits: fc.integer({ min: 0, max: 4 }),
    currency: fc.constantFrom(null, 'EUR', 'JPY'),
    name: fc.string({ unit: 'binary' }),
    state: fc.constantFrom(
      { status: 'PENDING' as const, version: 1 as const },
      { status: 'APPROVED' as const, version: 2 as const, decision: approval },
      { status: 'REJECTED' as const, version: 3 as const, decision: rejection },
    ),
  })
  .map(({ number, name, state, ...money }) => ({
    ...state,
    opened: openedTransaction(number, { ...money, transferType: { id: 1, name } }),
  }));

test('what is written is read back exactly', () => {
  fc.assert(
    fc.property(known, (transaction) => {
      const text = encodeTransaction(transaction);
      const read = decodeTransaction(text);
      assert.equal(read, transaction);
      assert.is(read && encodeTransaction(read), text);
    }),
  );
});

test('damaged text reads as undefined or as a transaction, and never throws', () => {
  fc.assert(
    fc.property(known, fc.nat(), fc.string({ maxLength: 3 }), (transaction, place, patch) => {
      const text = encodeTransaction(transaction);
      const start = place % text.length;
      const read = decodeTransaction(text.slice(0, start) + patch + text.slice(start + patch.length + 1));
      assert.ok(read === undefined || typeof read.opened.amountMinor === 'bigint');
    }),
  );
});

test('what this version did not write reads as undefined', () => {
  const text = encodeTransaction({ status: 'PENDING', version: 1, opened: openedTransaction(1) });
  assert.ok(decodeTransaction(text));
  const foreign = [
    '',
    'null',
    '[]',
    '{}',
    'not json',
    text.replace('"format":1', '"format":2'),
    text.replace('"version":1', '"version":2'),
    text.replace('"PENDING"', '"APPROVED"'),
    text.replace('"12000"', '12000'),
    text.replace('"12000"', '"0"'),
    text.replace('"currency":null', '"currency":5'),
  ];
  for (const each of foreign) assert.is(decodeTransaction(each), undefined, each);
});

test.run();
