/** Whoever only looks reads any stretch of a partition, and no group notices. */
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/platform/failure.ts';
import { freshTopic, numbered } from './event-log-subject.ts';
import { Member } from './member.ts';
import type { LogPage } from '../../../src/platform/event-log/event-log.ts';
import type { ContractTest, EventLogSubject } from './event-log-subject.ts';

export function readContract(test: ContractTest, subject: EventLogSubject): void {
  const { freshName, log } = subject;

  test('reads a partition page by page, each record once', async () => {
    const topic = await freshTopic(subject, 1);
    await log().append(topic, numbered(7));
    const pages: LogPage[] = [];
    let from = 0n;
    do {
      const page = await log().read({ topic, partition: 0, from, limit: 3 });
      assert.is(page.end, 7n);
      pages.push(page);
      from = page.next;
    } while (from < 7n && pages.length < 10);
    assert.equal(pages.map(valuesOf), [['0', '1', '2'], ['3', '4', '5'], ['6']]);
  });

  test('reads from the middle of an append, with place, bytes and headers', async () => {
    const topic = await freshTopic(subject, 1);
    const value = Buffer.from([0, 255, 128]);
    await log().append(topic, [...numbered(2), { key: null, value, headers: { a: 'b' } }]);
    const { records, next, end } = await log().read({ topic, partition: 0, from: 2n, limit: 100 });
    assert.equal([records.length, next, end], [1, 3n, 3n]);
    const [record] = records;
    assert.equal([record?.topic, record?.partition, record?.offset, record?.key], [topic, 0, 2n, null]);
    assert.ok(record?.value?.equals(value));
    assert.is(record?.headers.get('a')?.toString(), 'b');
  });

  test('large records come in as many pages as it takes, and none is left out', async () => {
    const topic = await freshTopic(subject, 1);
    const value = Buffer.alloc(800_000, 'x');
    for (let count = 0; count < 8; count += 1) await log().append(topic, [{ key: `${count}`, value, headers: {} }]);
    const keys: (string | undefined)[] = [];
    let page: LogPage = { records: [], next: 0n, end: 8n };
    while (page.next < page.end) {
      page = await log().read({ topic, partition: 0, from: page.next, limit: 10 });
      assert.ok(page.records.length > 0);
      keys.push(...page.records.map(({ key }) => key?.toString()));
    }
    assert.equal(keys, ['0', '1', '2', '3', '4', '5', '6', '7']);
  });

  test('reading at and past the end, and of a partition that is not there, finds nothing', async () => {
    const topic = await freshTopic(subject, 1);
    const nothing = (end: bigint): LogPage => ({ records: [], next: end, end });
    assert.equal(await log().read({ topic, partition: 0, from: 0n, limit: 5 }), nothing(0n));
    await log().append(topic, numbered(2));
    assert.equal(await log().read({ topic, partition: 0, from: 2n, limit: 5 }), nothing(2n));
    assert.equal(await log().read({ topic, partition: 0, from: 9n, limit: 5 }), nothing(2n));
    assert.equal(await log().read({ topic, partition: 7, from: 0n, limit: 5 }), nothing(0n));
  });

  test('reading leaves the place of a group alone, and a group does not hold it up', async () => {
    const topic = await freshTopic(subject, 1);
    const group = freshName();
    await log().append(topic, numbered(3));
    await using member = new Member(log(), { topic, group, handle: () => Promise.reject(new Error('not now')) });
    assert.equal(valuesOf(await log().read({ topic, partition: 0, from: 1n, limit: 5 })), ['1', '2']);
    assert.is((await log().committed(group, topic)).get(0), -1n);
    assert.is(member.received.length, 0);
  });

  test('reading a topic that does not exist is a failure of the world', async () => {
    const failure = await log()
      .read({ topic: freshName(), partition: 0, from: 0n, limit: 1 })
      .catch((error: unknown) => error);
    assert.is(failure instanceof Failure && failure.code, 'event_log_unavailable');
  });
}

function valuesOf({ records }: LogPage): readonly (string | undefined)[] {
  return records.map(({ value }) => value?.toString());
}
