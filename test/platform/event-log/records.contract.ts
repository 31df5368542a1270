/** What is appended arrives unchanged and in order. */
import * as assert from 'uvu/assert';
import { within } from '../../support/within.ts';
import { atLeast, freshTopic, numbered, record } from './event-log-subject.ts';
import { Member } from './member.ts';
import type { ContractTest, EventLogSubject } from './event-log-subject.ts';

export function recordsContract(test: ContractTest, subject: EventLogSubject): void {
  const { freshName, limitMs, log } = subject;

  test('hands over what was appended, unchanged', async () => {
    const topic = await freshTopic(subject, 1);
    const bytes = Buffer.from([0, 255, 128, 10, 13]);
    const headers: Record<string, string | Buffer> = { plain: 'text', bytes, toString: 'inherited', empty: '' };
    Object.defineProperty(headers, '__proto__', { value: 'polluted', enumerable: true });
    const before = Date.now();
    await log().append(topic, [
      { key: 'ключ', value: bytes, headers },
      { key: 'tombstone', value: null, headers: {} },
      { key: 'empty', value: '', headers: {} },
    ]);
    await using member = new Member(log(), { topic, group: freshName() });
    const [first, second, third] = await within(limitMs, 'three records', () => atLeast(3, member.received));
    assert.equal(first?.topic, topic);
    assert.equal(first?.key?.toString(), 'ключ');
    assert.ok(first?.value?.equals(bytes));
    assert.equal([...(first?.headers.keys() ?? [])].toSorted(), ['__proto__', 'bytes', 'empty', 'plain', 'toString']);
    assert.equal(first?.headers.get('__proto__')?.toString(), 'polluted');
    assert.equal(first?.headers.get('toString')?.toString(), 'inherited');
    assert.equal(first?.headers.get('empty')?.length, 0);
    assert.ok(first?.headers.get('bytes')?.equals(bytes));
    assert.ok(Math.abs((first?.timestampMs ?? 0) - before) < 60_000);
    assert.is(second?.value, null);
    assert.is(third?.value?.length, 0);
  });

  test('keeps the order of a partition, the order of a key, and a key in its partition', async () => {
    const topic = await freshTopic(subject, 3);
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const appends: Promise<void>[] = [];
    for (let round = 0; round < 40; round += 1) {
      appends.push(
        log().append(
          topic,
          keys.map((key) => record(key, `${round}`)),
        ),
      );
    }
    await Promise.all(appends);
    await using member = new Member(log(), { topic, group: freshName() });
    await within(limitMs, 'all records', () => atLeast(40 * keys.length, member.received));
    for (const key of keys) {
      const mine = member.received.filter((one) => one.key?.toString() === key);
      assert.equal(
        mine.map(({ value }) => Number(value)),
        Array.from({ length: 40 }, (_, round) => round),
      );
      assert.is(new Set(mine.map(({ partition }) => partition)).size, 1);
    }
    for (const [, mine] of Map.groupBy(member.received, ({ partition }) => partition)) {
      assert.equal(
        mine.map(({ offset }) => offset),
        mine.map((_, index) => BigInt(index)),
      );
    }
    assert.ok(new Set(member.received.map(({ partition }) => partition)).size > 1);
  });

  test('keeps the bytes as they were when they were appended', async () => {
    const topic = await freshTopic(subject, 1);
    const value = Buffer.from('before');
    await log().append(topic, [{ key: 'k', value, headers: {} }]);
    value.write('after!');
    await using member = new Member(log(), { topic, group: freshName() });
    await within(limitMs, 'the record', () => atLeast(1, member.received));
    assert.equal(member.values, ['before']);
  });

  test('records appended while a member waits reach it', async () => {
    const topic = await freshTopic(subject, 2);
    await using member = new Member(log(), { topic, group: freshName() });
    for (let round = 1; round <= 5; round += 1) {
      await log().append(topic, numbered(4, 4 * round));
      await within(limitMs, `round ${round}`, () => atLeast(4 * round, member.received));
    }
  });

  test('a key may be bytes, and may be missing', async () => {
    const topic = await freshTopic(subject, 3);
    const key = Buffer.from([0, 254, 7]);
    await log().append(topic, [
      { key, value: 'bytes', headers: {} },
      { key: null, value: 'none', headers: {} },
    ]);
    await using member = new Member(log(), { topic, group: freshName() });
    await within(limitMs, 'both records', () => atLeast(2, member.received));
    const keyOf = (value: string) => member.received.find((one) => one.value?.toString() === value)?.key;
    assert.ok(keyOf('bytes')?.equals(key));
    assert.is(keyOf('none'), null);
  });
}
