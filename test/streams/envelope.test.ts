/** What is written is read back exactly; everything else is poison with its cause. */
import fc from 'fast-check';
import * as assert from 'uvu/assert';

import type { LogRecord, NewRecord } from '../../src/platform/event-log/event-log.ts';
import { readRecord, writeRecord } from '../../src/streams/envelope.ts';
import { attemptOf, decisionEventId, openedEventId, settledEventId } from '../../src/streams/event-ids.ts';
import { decisionMade, transactionOpened, transactionSettled } from '../../src/streams/event-kinds.ts';
import type { AnnouncedTransaction, RulesDecision } from '../../src/streams/event-kinds.ts';
import type { PoisonCause } from '../../src/streams/poison.ts';
import { maxAmountMinor } from '../../src/transaction/money.ts';
import { suite } from '../support/suite.ts';
import { accountId, openedTransaction, rejection, transactionId } from '../support/transactions.ts';

const test = suite('envelope');
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const time = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });

const announced: fc.Arbitrary<AnnouncedTransaction> = fc
  .record({
    number: fc.nat(1_000_000),
    amountMinor: fc.bigInt({ min: 1n, max: maxAmountMinor }),
    digits: fc.nat(6),
    currency: fc.constantFrom(null, 'EUR', 'PEN'),
    transferType: fc.record(
      { id: fc.nat(1_000), name: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }) },
      { noNullPrototype: true },
    ),
    createdAt: time,
    decideBy: time,
  })
  .map(({ number, ...changes }) => {
    const { idempotencyKey: _, ...opened } = openedTransaction(number, changes);
    return opened;
  });

const decided: fc.Arbitrary<RulesDecision> = fc.record(
  {
    outcome: fc.constantFrom('APPROVED' as const, 'REJECTED' as const),
    reasons: fc.array(fc.constantFrom('AMOUNT_LIMIT_EXCEEDED', 'A', 'B_2'), { maxLength: 5 }),
    ruleset: fc.constantFrom('2026-01', 'test-1'),
    decidedBy: fc.constant('RULES' as const),
    decidedAt: time,
  },
  { noNullPrototype: true },
);

test('an opened transaction comes back exactly', () =>
  fc.assert(
    fc.property(announced, time, fc.nat(), (value, timeMs, attempt) => {
      const id = openedEventId(value.id, attempt);
      const read = readRecord(
        transactionOpened,
        stored(writeRecord(transactionOpened, { id, timeMs, value, traceparent })),
      );
      assert.is(read.type, 'envelope');
      if (read.type !== 'envelope') return;
      const { record: _, ...envelope } = read;
      assert.equal(envelope, { type: 'envelope', id, attempt, timeMs, traceparent, value });
    }),
  ));

test('a decision and a settlement come back exactly', () =>
  fc.assert(
    fc.property(announced, decided, time, (opened, decision, timeMs) => {
      const delivered = { transactionId: opened.id, decision };
      const made = { id: decisionEventId(opened.id, 7), timeMs, value: delivered };
      assert.equal(valueOf(readRecord(decisionMade, stored(writeRecord(decisionMade, made)))), delivered);
      const settlement = {
        opened,
        decision: { ...decision, ruleset: null, decidedBy: 'DEADLINE' as const },
        settledAt: timeMs,
      };
      const settled = { id: settledEventId(opened.id), timeMs, value: settlement };
      assert.equal(
        valueOf(readRecord(transactionSettled, stored(writeRecord(transactionSettled, settled)))),
        settlement,
      );
    }),
  ));

test('headers are CloudEvents 1.0 in binary mode, and neither they nor the key name an account', () => {
  const { key, headers, value } = opened();
  assert.equal(headers, {
    ce_specversion: '1.0',
    ce_id: `${transactionId(1)}/opened/0`,
    ce_source: '/verdict/front-door',
    ce_type: 'verdict.transaction.opened.v1',
    ce_time: '2026-01-01T00:00:00.000Z',
    ce_subject: transactionId(1),
    'content-type': 'application/json',
    traceparent,
  });
  assert.is(key, transactionId(1));
  assert.not(JSON.stringify([key, headers]).includes(accountId(1)));
  assert.not(String(value).includes('test-key-1'), 'nor does anything name the key of the client');
});

const id = transactionId(1);
const poisons: readonly (readonly [string, PoisonCause, (record: LogRecord) => Partial<LogRecord>])[] = [
  ['a tombstone', 'tombstone', () => ({ value: null })],
  ['a value past the bound', 'too_large', () => ({ value: Buffer.alloc(64 * 1024 + 1, ' ') })],
  ['what is not JSON', 'bad_json', () => ({ value: Buffer.from('{nope') })],
  ['what is not UTF-8', 'bad_json', () => ({ value: Buffer.from([0x22, 0xff, 0x22]) })],
  ['an empty value', 'bad_json', () => ({ value: Buffer.alloc(0) })],
  ['__proto__', 'forbidden_key', ({ value }) => ({ value: withMember(value, '"__proto__":{"a":1}') })],
  ['__proto__, escaped', 'forbidden_key', ({ value }) => ({ value: withMember(value, '"\\u005f_proto__":{"a":1}') })],
  ['constructor, deep', 'forbidden_key', ({ value }) => ({ value: withMember(value, '"x":[{"constructor":1}]') })],
  [
    'brackets deeper than the stack',
    'bad_headers',
    () => ({ value: Buffer.from(`${'['.repeat(30_000)}"\\u0041"${']'.repeat(30_000)}`), headers: new Map() }),
  ],
  ['no headers', 'bad_headers', () => ({ headers: new Map() })],
  ['a header past the bound', 'bad_headers', header('ce_id', 'x'.repeat(600))],
  ['another content type', 'bad_headers', header('content-type', 'application/cloudevents+json')],
  ['an id of another shape', 'bad_headers', header('ce_id', `${id}/opened/x`)],
  ['an id of another transaction', 'bad_headers', header('ce_id', `${transactionId(2)}/opened/0`)],
  ['another CloudEvents version', 'unknown_version', header('ce_specversion', '2.0')],
  ['a later version of the type', 'unknown_version', header('ce_type', 'verdict.transaction.opened.v2')],
  ['a type without version', 'unknown_type', header('ce_type', 'verdict.transaction.opened')],
  ['another topic’s type', 'unknown_type', header('ce_type', 'verdict.decision.made.v1')],
  ['null', 'bad_schema', () => ({ value: Buffer.from('null') })],
  ['a missing member', 'bad_schema', replaced('"amountMinor"', '"amount"')],
  ['an amount as a number', 'bad_schema', replaced('"amountMinor":"12000"', '"amountMinor":12000')],
  ['an amount of nothing', 'bad_schema', replaced('"amountMinor":"12000"', '"amountMinor":"0"')],
  ['an upper-case id', 'bad_schema', replaced(id, id.toUpperCase().replace('1', 'A'))],
  ['a day that does not exist', 'bad_schema', replaced('2026-01-01T00:00:00.001Z', '2026-13-41T00:00:00.001Z')],
  ['another key', 'key_mismatch', () => ({ key: Buffer.from(transactionId(2)) })],
  ['no key', 'key_mismatch', () => ({ key: null })],
  ['another subject', 'key_mismatch', header('ce_subject', transactionId(2))],
];

for (const [what, cause, change] of poisons)
  test(`poison: ${what}`, () => {
    const good = stored(opened());
    assert.equal(readRecord(transactionOpened, { ...good, ...change(good) }), { type: 'poison', cause });
  });

test('what a version 1 reader does not know, and a broken traceparent, are no poison', () => {
  const good = stored(opened());
  const headers = new Map([...good.headers, ['traceparent', Buffer.from('broken')], ['other', Buffer.from('x')]]);
  const read = readRecord(transactionOpened, { ...good, headers, value: withMember(good.value, '"later":"\\u0041"') });
  assert.is(read.type, 'envelope');
  assert.is(read.type === 'envelope' && read.traceparent, undefined);
});

test('a deadline does not speak through the log', () => {
  const value = { transactionId: id, decision: { ...rejection, ruleset: 'x', decidedBy: 'RULES' as const } };
  const record = stored(writeRecord(decisionMade, { id: decisionEventId(id, 0), timeMs: 0, value }));
  const forged = Buffer.from(String(record.value).replace('{', '{"decidedBy":"DEADLINE",'));
  assert.is(valueOf(readRecord(decisionMade, { ...record, value: forged }))?.decision.decidedBy, 'RULES');
});

test('an attempt is read only from an id of this transaction', () => {
  assert.is(attemptOf(openedEventId(id, 42), id), 42);
  assert.is(attemptOf(openedEventId(id, 42), transactionId(2)), undefined);
  assert.is(attemptOf(`${id}/opened/-1`, id), undefined);
});

function opened(): NewRecord {
  const value = openedTransaction(1);
  return writeRecord(transactionOpened, {
    id: openedEventId(value.id, 0),
    timeMs: value.createdAt - 1,
    value,
    traceparent,
  });
}

function stored({ key, value, headers }: NewRecord): LogRecord {
  return {
    ...{ topic: 'test', partition: 0, offset: 0n, timestampMs: 0, key: Buffer.from(key ?? '') },
    value: value === null ? null : Buffer.from(value),
    headers: new Map(Object.entries(headers).map(([name, header]) => [name, Buffer.from(header)])),
  };
}

function valueOf<Value>(read: { readonly type: 'poison' } | { readonly type: 'envelope'; readonly value: Value }) {
  return read.type === 'envelope' ? read.value : undefined;
}

function withMember(value: Buffer | null, member: string): Buffer {
  return Buffer.from(String(value).replace('{', `{${member},`));
}

function header(name: string, text: string): (record: LogRecord) => Partial<LogRecord> {
  return ({ headers }) => ({ headers: new Map([...headers, [name, Buffer.from(text)]]) });
}

function replaced(from: string, to: string): (record: LogRecord) => Partial<LogRecord> {
  return ({ value }) => ({ value: Buffer.from(String(value).replaceAll(from, to)) });
}

test.run();
