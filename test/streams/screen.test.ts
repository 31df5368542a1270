/** From opened transactions to decisions. */
import * as assert from 'uvu/assert';

import type { LogRecord } from '../../src/platform/event-log/event-log.ts';
import { readRecord, writeRecord } from '../../src/streams/envelope.ts';
import { decisionEventId, openedEventId } from '../../src/streams/event-ids.ts';
import { decisionMade, transactionOpened } from '../../src/streams/event-kinds.ts';
import { deadTopic } from '../../src/streams/topics.ts';
import { suite } from '../support/suite.ts';
import { openedTransaction, transactionId } from '../support/transactions.ts';
import { Ring, topics } from './ring.ts';

const test = suite('screen');
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('each opened transaction gets one decision, under its key, with its attempt and its trace', async () => {
  await using ring = await only({
    judge: ({ amountMinor }) =>
      amountMinor > 100_000n
        ? { outcome: 'REJECTED', reasons: ['AMOUNT_LIMIT_EXCEEDED'], ruleset: 'test-1' }
        : { outcome: 'APPROVED', reasons: [], ruleset: 'test-1' },
  });
  await send(ring, 1, { attempt: 0 });
  await send(ring, 2, { attempt: 17, amountMinor: 100_001n });
  const read = (await records(ring, topics.decisions)).map((record) => readRecord(decisionMade, record));
  const found = read.flatMap((envelope) => (envelope.type === 'envelope' ? [envelope] : []));
  assert.equal(found.map(({ id }) => id).toSorted(), [
    decisionEventId(transactionId(1), 0),
    decisionEventId(transactionId(2), 17),
  ]);
  assert.equal(found.map(({ value }) => value.decision.outcome).toSorted(), ['APPROVED', 'REJECTED']);
  assert.ok(found.every((envelope) => envelope.traceparent === traceparent));
});

test('a repeat is decided once; another attempt is decided again', async () => {
  await using ring = await only();
  for (const attempt of [0, 0, 5, 0, 5]) await send(ring, 1, { attempt });
  assert.is((await records(ring, topics.decisions)).length, 2);
});

test('poison goes to its dead letters, and the partition moves on', async () => {
  await using ring = await only();
  const key = transactionId(1);
  await ring.log.append(topics.transactions, [
    { key, value: '{nope', headers: {} },
    { key, value: null, headers: {} },
    { key, value: '{"__proto__":1}', headers: {} },
  ]);
  await send(ring, 1, { attempt: 0 });
  assert.equal(
    ring.deadLetters,
    ['bad_json', 'tombstone', 'forbidden_key'].map((cause) => `${topics.transactions} ${cause}`),
  );
  assert.is((await records(ring, topics.decisions)).length, 1);
  const letters = await records(ring, deadTopic(topics.transactions));
  assert.equal(
    letters.map(({ value }) => value?.toString() ?? null),
    ['{nope', null, '{"__proto__":1}'],
  );
});

test('a ruleset that throws sets aside what it threw on, and judges the rest', async () => {
  await using ring = await only({
    judge: ({ amountMinor }) => {
      if (amountMinor === 13n) throw new TypeError('a rule is broken');
      return { outcome: 'APPROVED', reasons: [], ruleset: 'test-1' };
    },
  });
  await send(ring, 1, { attempt: 0, amountMinor: 13n });
  await send(ring, 2, { attempt: 0 });
  assert.equal(ring.deadLetters, [`${topics.transactions} rule_failed`]);
  assert.is((await records(ring, topics.decisions)).length, 1);
});

test('while the log takes nothing, nothing is committed and nothing is set aside', async () => {
  await using ring = await only();
  await send(ring, 1, { attempt: 0 });
  await ring.stop('screen');
  await send(ring, 2, { attempt: 0 });
  ring.log.away = true;
  ring.run('screen');
  await ring.clock.advance(60_000);
  ring.log.away = false;
  assert.is((await records(ring, topics.decisions)).length, 1);
  const total = async (): Promise<bigint> =>
    [...(await ring.log.committed(topics.antiFraudGroup, topics.transactions)).values()].reduce(
      (sum, offset) => sum + (offset > 0n ? offset : 0n),
      0n,
    );
  assert.is(await total(), 1n);
  await ring.clock.advance(2_000);
  assert.is((await records(ring, topics.decisions)).length, 2);
  assert.is(await total(), 2n);
  assert.equal(ring.deadLetters, []);
});

test('a stop during an outage ends at once, and the next run takes over what was in hand', async () => {
  await using ring = await only();
  await ring.stop('screen');
  await send(ring, 1, { attempt: 0 });
  ring.log.away = true;
  ring.run('screen');
  await ring.clock.advance(5_000);
  await ring.stop('screen');
  ring.log.away = false;
  ring.run('screen');
  await ring.clock.advance(100);
  assert.is((await records(ring, topics.decisions)).length, 1);
});

async function only(options: ConstructorParameters<typeof Ring>[0] = {}): Promise<Ring> {
  const ring = await Ring.start(options);
  await ring.stop('settle');
  await ring.stop('relay');
  return ring;
}

async function send(ring: Ring, number: number, change: { readonly attempt: number; readonly amountMinor?: bigint }) {
  const { attempt, ...changes } = change;
  const value = openedTransaction(number, changes);
  await ring.log.append(topics.transactions, [
    writeRecord(transactionOpened, { id: openedEventId(value.id, attempt), timeMs: 0, value, traceparent }),
  ]);
  await ring.clock.advance(100);
}

let readers = 0;

async function records(ring: Ring, topic: string): Promise<readonly LogRecord[]> {
  const stopping = new AbortController();
  const found: LogRecord[] = [];
  const handle = async (batch: readonly LogRecord[]): Promise<void> => void found.push(...batch);
  const consuming = ring.log.consume({ topic, group: `reader-${(readers += 1)}`, handle, signal: stopping.signal });
  await ring.clock.advance(0);
  stopping.abort();
  await consuming;
  return found;
}

test.run();
