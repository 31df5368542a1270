import * as assert from 'uvu/assert';

import { parseAccountId, parseClientId, parseIdempotencyKey, parseTransactionId } from '../../src/transaction/ids.ts';
import { suite } from '../support/suite.ts';

const test = suite('ids');

test('an id is a UUID in either case, kept in lower case', () => {
  const id = '0199C3A0-7B1E-7C3D-8E5F-0123456789AB';
  assert.is(parseTransactionId(id), id.toLowerCase());
  assert.is(parseAccountId(id), id.toLowerCase());
});

test('what is not a UUID is no id', () => {
  for (const text of [
    '',
    '0199c3a0',
    '0199c3a07b1e7c3d8e5f0123456789ab',
    '0199c3a0-7b1e-7c3d-8e5f-0123456789ag',
    ' ',
  ]) {
    assert.is(parseTransactionId(text), undefined, text);
    assert.is(parseAccountId(text), undefined, text);
  }
  assert.is(parseTransactionId('0199c3a0-7b1e-7c3d-8e5f-0123456789ab\n'), undefined);
});

test('a client is named in lower case, digits and hyphens, 63 characters at the most', () => {
  for (const text of ['local', 'a', '0-a', 'a'.repeat(63)]) assert.is(parseClientId(text), text);
  for (const text of ['', '-a', 'A', 'a_b', 'a/b', 'a'.repeat(64)]) assert.is(parseClientId(text), undefined, text);
});

test('an idempotency key has 8 to 128 characters, none of which can end a header or a name', () => {
  for (const text of ['12345678', 'Az09_.:-', 'k'.repeat(128)]) assert.is(parseIdempotencyKey(text), text);
  for (const text of ['1234567', 'k'.repeat(129), 'with space', 'a/b/c/d/e', 'key,key2', 'schlüssel', '12345678\n']) {
    assert.is(parseIdempotencyKey(text), undefined, text);
  }
});

test.run();
