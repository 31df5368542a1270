/** Records that nobody can handle, put on the topics by somebody else: each is set aside with its bytes, headers and cause, and the flow goes on. */
import type { Message } from 'kafkajs';
import * as assert from 'uvu/assert';
import { parseTransaction, post } from '../../../tools/run/client.ts';
import { assertSound } from '../../support/audit.ts';
import { Deployment, oneOfEach } from '../../support/deployment.ts';
import { produce, TopicReader } from '../../support/log-reader.ts';
import type { TopicRecord } from '../../support/log-reader.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';

const test = suite('poison');

const asideMaxMs = 5_000;
const nobody = '0192f4c8-0000-7000-8000-000000000000';

let services: LiveServices;
let ring: Deployment;
const keys: string[] = [];
const opened: { readonly key: string; readonly id: string }[] = [];

test.before(async () => {
  services = await liveServices();
  ring = await Deployment.start({ services, replicas: oneOfEach });
});

test.after(async () => {
  await ring[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

type Bad = { readonly cause: string; readonly message: Message };

for (const topic of ['transactions', 'decisions']) {
  test(`on ${topic}`, async () => {
    const brokers = services.env.KAFKA_BROKERS;
    const good = await firstRecord(topic);
    await using dead = await TopicReader.open(brokers, `${ring.topicPrefix}${topic}.dead`);
    const bad = badRecords(topic, good);
    const sentAt = performance.now();
    await produce(
      brokers,
      `${ring.topicPrefix}${topic}`,
      bad.map(({ message }) => message),
    );
    await dead.until(bad.length, asideMaxMs);
    console.log(`${bad.length} set aside from ${topic} within ${Math.round(performance.now() - sentAt)} ms`);
    assert.is(dead.records.length, bad.length);
    for (const { cause, message } of bad)
      assertSetAside(dead.records, { cause, message, topic: `${ring.topicPrefix}${topic}` });
    await assertGoesOn();
  }, 60_000);
}

test('an opened transaction that the database does not have is judged, and its decision is set aside', async () => {
  const good = await firstRecord('transactions');
  const brokers = services.env.KAFKA_BROKERS;
  await using dead = await TopicReader.open(brokers, `${ring.topicPrefix}decisions.dead`);
  const id = '0192f4c8-0000-7000-8000-00000000000a';
  await produce(brokers, `${ring.topicPrefix}transactions`, [renamed(good, id)]);
  await within(asideMaxMs, 'a dead letter', () =>
    dead.records.some(
      ({ key, headers }) => String(key) === id && headers.get('verdict-dead-cause') === 'unknown_transaction',
    ),
  );
  await assertGoesOn();
}, 60_000);

test('the rows are sound', () => assertSound(ring.databaseUrl, { keys, opened }));

/** With pieces of a good record, so that each bad one is bad in one way only. */
function badRecords(topic: string, good: TopicRecord): readonly Bad[] {
  const text = String(good.value);
  const changed = (value: string | null, headers: Readonly<Record<string, string>> = {}): Message => ({
    key: good.key,
    value,
    headers: { ...Object.fromEntries(good.headers), 'x-somebody': 'else', ...headers },
  });
  const type99 = good.headers.get('ce_type')?.replace(/\.v1$/, '.v99') ?? '';
  return [
    { cause: 'bad_json', message: changed('{"id": ') },
    { cause: 'bad_json', message: changed('\u0000\u0001') },
    { cause: 'bad_schema', message: changed('{}') },
    { cause: 'bad_schema', message: changed('[]') },
    { cause: 'tombstone', message: changed(null) },
    { cause: 'forbidden_key', message: changed(text.replace('{', '{"__proto__": {"status": "APPROVED"}, ')) },
    { cause: 'too_large', message: changed(`"${'x'.repeat(100_000)}"`) },
    { cause: 'bad_headers', message: { key: good.key, value: text, headers: { 'x-somebody': 'else' } } },
    { cause: 'unknown_version', message: changed(text, { ce_type: type99 }) },
    { cause: 'key_mismatch', message: { ...changed(text), key: nobody } },
    ...(topic === 'decisions' ? [{ cause: 'unknown_transaction', message: renamed(good, nobody) }] : []),
  ];
}

/** As if it were about another transaction. */
function renamed(good: TopicRecord, id: string): Message {
  const from = String(good.key);
  const swap = (text: string): string => text.replaceAll(from, id);
  return {
    key: id,
    value: swap(String(good.value)),
    headers: Object.fromEntries([...good.headers].map(([name, value]) => [name, swap(value)])),
  };
}

function assertSetAside(
  letters: readonly TopicRecord[],
  { cause, message, topic }: Bad & { readonly topic: string },
): void {
  const value = message.value === null ? null : Buffer.from(message.value);
  const letter = letters.find((each) => each.headers.get('verdict-dead-cause') === cause && same(each.value, value));
  if (letter === undefined) {
    const causes = letters.map(
      ({ headers, value: bytes }) => `${headers.get('verdict-dead-cause')} ${String(bytes).slice(0, 40)}`,
    );
    throw new Error(`no dead letter of ${cause} with ${String(value).slice(0, 40)} among\n${causes.join('\n')}`);
  }
  assert.is(String(letter.key), String(message.key));
  for (const [name, text] of Object.entries(message.headers ?? {})) assert.is(letter.headers.get(name), text, name);
  assert.is(letter.headers.get('verdict-dead-topic'), topic);
  assert.match(letter.headers.get('verdict-dead-partition') ?? '', /^\d+$/);
  assert.match(letter.headers.get('verdict-dead-offset') ?? '', /^\d+$/);
}

function same(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}

/** A transaction of now is judged as ever, in every partition that poison may have gone to. */
async function assertGoesOn(): Promise<void> {
  const posts = await Promise.all(
    Array.from({ length: 30 }, () => post(ring.frontDoors[0] ?? '', { headers: { prefer: 'wait=5' } })),
  );
  for (const { key, text, status } of posts) {
    assert.is(status, 201, text);
    const body = parseTransaction(text);
    assert.is(body.transactionStatus.name, 'APPROVED');
    keys.push(key);
    opened.push({ key, id: body.transactionExternalId });
  }
}

/** Something good to start from. */
async function firstRecord(topic: string): Promise<TopicRecord> {
  await assertGoesOn();
  await using reader = await TopicReader.open(services.env.KAFKA_BROKERS, `${ring.topicPrefix}${topic}`);
  const [record] = await reader.until(1, 10_000);
  if (record === undefined) throw new Error(`${topic} is empty`);
  return record;
}

test.run();
