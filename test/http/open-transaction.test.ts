/** Opening a transaction over HTTP: the challenge's shapes, exact money, one transaction per key, and a name for every fault. */
import * as assert from 'uvu/assert';

import type { Served } from '../support/served.ts';
import { bodyOf, credit, debit, freshKey, problemOf, serve, validBody } from '../support/served.ts';
import { suite } from '../support/suite.ts';
import { within } from '../support/within.ts';

const test = suite('http: open a transaction');
let served: Served;
test.before(async () => {
  served = await serve();
});
test.after(() => served[Symbol.asyncDispose]());

test('answers 201 with the challenge’s members, and more', async () => {
  const response = await served.post(validBody({ value: 120.5 }));
  assert.is(response.status, 201);
  const text = await response.text();
  const body: { transactionExternalId: string; createdAt: string } = JSON.parse(text);
  assert.is(response.headers.get('location'), `/transactions/${body.transactionExternalId}`);
  assert.is(response.headers.get('content-type'), 'application/json');
  assert.is(response.headers.get('cache-control'), 'no-store');
  assert.is(response.headers.get('idempotency-replayed'), null);
  assert.is(
    text,
    `{"transactionExternalId":"${body.transactionExternalId}","transactionType":{"name":"TRANSFER"},` +
      `"transactionStatus":{"name":"PENDING"},"value":120.5,"createdAt":"${body.createdAt}",` +
      `"decision":null,"reasons":[],"version":1}`,
  );
  assert.is(new Date(body.createdAt).toISOString(), body.createdAt);
});

test('takes either spelling of the transfer type, both where they agree', async () => {
  const without = { accountExternalIdDebit: debit, accountExternalIdCredit: credit, value: 1 };
  for (const types of [{ transferTypeId: 2 }, { tranferTypeId: 2 }, { transferTypeId: 2, tranferTypeId: 2 }]) {
    const response = await served.post({ ...without, ...types });
    assert.is(response.status, 201);
    assert.match(await response.text(), '"transactionType":{"name":"Zahlung \\"größer\\""}');
  }
  const both = await problemOf(await served.post({ ...without, transferTypeId: 1, tranferTypeId: 2 }));
  assert.is(both.type, 'invalid-transaction');
  assert.match(JSON.stringify(both.errors), 'contradictory');
  const neither = await problemOf(await served.post(without));
  assert.match(JSON.stringify(neither.errors), '"pointer":"/transferTypeId","code":"required"');
});

const amounts: readonly (readonly [value: string, shown: string, currency?: string])[] = [
  ['120', '120'],
  ['120.50', '120.5'],
  ['"1000.01"', '1000.01'],
  ['0.01', '0.01'],
  ['1e3', '1000'],
  ['12.30e1', '123'],
  ['10.000000000000000000', '10'],
  ['9999999999999.99', '9999999999999.99'],
  ['90071992547.41', '90071992547.41'],
  ['0.1', '0.1'],
  ['12', '12', 'JPY'],
  ['1.234', '1.234', 'KWD'],
];
for (const [value, shown, currency] of amounts) {
  test(`keeps ${value} ${currency ?? ''} exactly`, async () => {
    const more = currency === undefined ? '' : `,"currency":"${currency}"`;
    const text = `{"accountExternalIdDebit":"${debit}","accountExternalIdCredit":"${credit}","transferTypeId":1,"value":${value}${more}}`;
    const response = await served.post(text);
    assert.is(response.status, 201);
    assert.match(await response.text(), `"value":${shown}${more},"createdAt"`);
  });
}

const faults: readonly (readonly [title: string, changes: object | string, pointer: string, code: string])[] = [
  ['zero', { value: 0 }, '/value', 'not_positive'],
  ['zero as text', { value: '0.00' }, '/value', 'not_positive'],
  ['a negative value', { value: -5 }, '/value', 'not_positive'],
  ['too many places', { value: '1.001' }, '/value', 'too_precise'],
  ['a digit that a double would lose', '10.000000000000000001', '/value', 'too_precise'],
  ['a value past 15 digits', '99999999999999999', '/value', 'too_large'],
  ['a value past any double', '1e999', '/value', 'too_large'],
  ['a word as value', { value: 'ten' }, '/value', 'not_a_decimal'],
  ['a hexadecimal value', { value: '0x10' }, '/value', 'not_a_decimal'],
  ['a value of another type', { value: true }, '/value', 'wrong_type'],
  ['a value inside a value', { value: { value: 1 } }, '/value', 'wrong_type'],
  ['places that the currency lacks', { value: '1.5', currency: 'JPY' }, '/value', 'too_precise'],
  ['a currency that is not known', { currency: 'XXX' }, '/currency', 'unknown_currency'],
  ['a currency that is none', { currency: 'eur' }, '/currency', 'malformed'],
  ['a prototype’s name as currency', { currency: 'constructor' }, '/currency', 'malformed'],
  ['an unknown transfer type', { tranferTypeId: 99 }, '/tranferTypeId', 'unknown_transfer_type'],
  ['a transfer type in text', { tranferTypeId: '1' }, '/tranferTypeId', 'wrong_type'],
  ['a broken transfer type', { tranferTypeId: 1.5 }, '/tranferTypeId', 'wrong_type'],
  ['an account that is no UUID', { accountExternalIdDebit: 'me' }, '/accountExternalIdDebit', 'malformed'],
  ['a missing account', { accountExternalIdCredit: undefined }, '/accountExternalIdCredit', 'required'],
  ['a member nobody knows', { curency: 'EUR' }, '/curency', 'unknown_member'],
];
for (const [title, changes, pointer, code] of faults) {
  test(`refuses ${title} with 422`, async () => {
    const body = typeof changes === 'string' ? JSON.stringify(validBody()).replace('120', changes) : validBody(changes);
    const response = await served.post(body);
    const text = await response.clone().text();
    const { status, type, errors } = await problemOf(response);
    assert.equal([status, type], [422, 'invalid-transaction']);
    assert.equal(
      errors.map((error) => [error.pointer, error.code]),
      [[pointer, code]],
    );
    assert.not.match(text, debit);
    assert.not.match(text, credit);
  });
}

test('says all faults at once, and never repeats names that may be ids', async () => {
  const response = await served.post({ [debit]: 1, value: 0, accountExternalIdDebit: 5 });
  const { errors } = await problemOf(response);
  assert.is(errors.length, 3);
  assert.not.match(JSON.stringify(errors), debit);
});

test('a body of two values counts the last, and __proto__ is a member nobody knows', async () => {
  const twice = await served.post(JSON.stringify(validBody()).replace('"value":120', '"value":7,"value":8'));
  assert.match(await twice.text(), '"value":8,');
  const polluting = JSON.stringify(validBody()).replace('{', '{"__proto__":{"currency":"EUR"},');
  const { status, errors } = await problemOf(await served.post(polluting));
  assert.is(status, 422);
  assert.match(JSON.stringify(errors), 'unknown_member');
});

test('a body that is no JSON is 400, JSON that is no object is 422', async () => {
  for (const body of ['', '{', 'null x', '{"value":01}', '['.repeat(4_000), '\ufeff{}']) {
    assert.is((await problemOf(await served.post(body))).type, 'malformed-body');
  }
  const notUtf8 = await fetch(`${served.url}/transactions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': freshKey() },
    body: new Uint8Array([0x22, 0xff, 0x22]),
  });
  assert.is((await problemOf(notUtf8)).type, 'malformed-body');
  for (const body of ['null', '[]', '5', '"x"']) {
    assert.is((await problemOf(await served.post(body))).type, 'invalid-transaction');
  }
});

test('the key must be there once and of the right form', async () => {
  const without = await fetch(`${served.url}/transactions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(validBody()),
  });
  assert.equal([without.status, (await problemOf(without)).type], [400, 'idempotency-key-missing']);
  for (const key of ['short', 'x'.repeat(129), 'has space in it', 'ümlaut-ümlaut']) {
    const malformed = await served.post(validBody(), { 'Idempotency-Key': key });
    assert.equal([malformed.status, (await problemOf(malformed)).type], [400, 'idempotency-key-malformed']);
  }
});

test('the same key and content answers the same bytes, also after the decision', async () => {
  const key = { 'Idempotency-Key': freshKey() };
  const first = await served.post(validBody({ value: '10.50' }), key);
  const bytes = await first.text();
  const { transactionExternalId: id }: { transactionExternalId: string } = JSON.parse(bytes);
  served.api.decide(id, 'APPROVED');
  const reordered = `{ "value": 10.5, "transferTypeId": 1, "accountExternalIdCredit": "${credit.toUpperCase()}",\n"accountExternalIdDebit":"${debit}" }`;
  const again = await served.post(reordered, key);
  assert.is(again.status, 201);
  assert.is(again.headers.get('idempotency-replayed'), 'true');
  assert.is(again.headers.get('location'), first.headers.get('location'));
  assert.is(await again.text(), bytes);
});

test('the same key with another body is 422 and names what differs, as the caller spells it', async () => {
  const key = { 'Idempotency-Key': freshKey() };
  await served.post(validBody(), key);
  const response = await served.post(validBody({ value: 121, tranferTypeId: 2, currency: 'EUR' }), key);
  const { status, type, errors } = await problemOf(response);
  assert.equal([status, type], [422, 'idempotency-key-reused']);
  assert.equal(
    errors.map(({ pointer }) => pointer),
    ['/tranferTypeId', '/value', '/currency'],
  );
});

test('a key that is being worked on is 409 with Retry-After; Prefer waits and is applied', async () => {
  const key = { 'Idempotency-Key': freshKey() };
  const waiting = served.post(validBody(), { ...key, Prefer: 'respond-async, wait=2' });
  const conflict = await within(2_000, 'a conflict', async () => {
    const response = await served.post(validBody(), key);
    return response.status === 409 && response;
  });
  assert.is(conflict.headers.get('retry-after'), '2');
  assert.is((await problemOf(conflict)).type, 'idempotency-key-in-flight');
  const newest = await bodyOf<{ items: [{ transactionExternalId: string }] }>(
    await served.get('/transactions?limit=1'),
  );
  served.api.decide(newest.items[0].transactionExternalId, 'REJECTED');
  const answer = await waiting;
  assert.is(answer.headers.get('preference-applied'), 'wait=2');
  const body = await bodyOf<{ decision: object }>(answer);
  assert.match(JSON.stringify(body), '"transactionStatus":{"name":"REJECTED"}');
  assert.match(JSON.stringify(body), '"reasons":["AMOUNT_LIMIT_EXCEEDED"],"version":2');
  assert.equal(Object.keys(body.decision), ['outcome', 'ruleset', 'decidedBy', 'decidedAt']);
});

test('other media types and encodings are 415, a body past the limit is 413', async () => {
  for (const headers of [
    { 'Content-Type': 'text/plain' },
    { 'Content-Type': 'application/json; charset=utf-16' },
    { 'Content-Type': 'application/jsonx' },
    { 'Content-Encoding': 'gzip' },
  ]) {
    assert.is((await problemOf(await served.post(validBody(), headers))).type, 'media-type-unsupported');
  }
  const utf8 = await served.post(validBody(), { 'Content-Type': 'Application/JSON; Charset="UTF-8"' });
  assert.is(utf8.status, 201);
  const large = await served.post(validBody({ value: '1'.repeat(200_000) }));
  assert.equal([large.status, (await problemOf(large)).type], [413, 'body-too-large']);
  const stream = ReadableStream.from(Array.from({ length: 10 }, () => new Uint8Array(3_000)));
  const chunked = await fetch(`${served.url}/transactions`, {
    method: 'POST',
    body: stream,
    duplex: 'half',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': freshKey() },
  });
  assert.is((await problemOf(chunked)).type, 'body-too-large');
});

test.run();
