/** Batches are delivered at least once, one at a time per partition, and committed after they were handled. */
import * as assert from 'uvu/assert';
import { within } from '../../support/within.ts';
import { atLeast, freshTopic, numbered, record } from './event-log-subject.ts';
import { Member } from './member.ts';
import type { ContractTest, EventLogSubject } from './event-log-subject.ts';

export function deliveryContract(test: ContractTest, subject: EventLogSubject): void {
  const { freshName, limitMs, log } = subject;

  test('delivers again what was rejected, from its first record, and nothing behind it before', async () => {
    const topic = await freshTopic(subject, 1);
    const offered: bigint[][] = [];
    await log().append(topic, numbered(5));
    await using member = new Member(log(), {
      topic,
      group: freshName(),
      handle: async (records) => {
        offered.push(records.map(({ offset }) => offset));
        if (offered.length <= 3) throw new TypeError(`refused ${offered.length} times`);
      },
    });
    await within(limitMs, 'all five', () => atLeast(5, member.received));
    assert.equal(
      offered.slice(0, 4).map((batch) => batch[0]),
      [0n, 0n, 0n, 0n],
    );
    assert.equal(member.values, ['0', '1', '2', '3', '4']);
  });

  test('a partition whose batches are rejected does not hold up the others', async () => {
    const topic = await freshTopic(subject, 4);
    await log().append(topic, numbered(40));
    const healthy = new Set<number>();
    let sick: number | undefined;
    await using member = new Member(log(), {
      topic,
      group: freshName(),
      handle: async ([first]) => {
        sick ??= first?.partition;
        if (first?.partition === sick) throw new Error('sick');
        healthy.add(first?.partition ?? -1);
      },
    });
    await within(limitMs, 'the other partitions', () => healthy.size === 3);
    assert.ok(member.received.every(({ partition }) => partition !== sick));
  });

  test('handles one batch at a time per partition, and several partitions at once', async () => {
    const topic = await freshTopic(subject, 3);
    const busy = new Set<number>();
    let together = 0;
    let most = 0;
    await log().append(topic, numbered(60));
    await using member = new Member(log(), {
      topic,
      group: freshName(),
      handle: async ([first]) => {
        const partition = first?.partition ?? -1;
        if (busy.has(partition)) together += 1;
        busy.add(partition);
        most = Math.max(most, busy.size);
        await new Promise((resolve) => setTimeout(resolve, 20));
        busy.delete(partition);
      },
    });
    await within(limitMs, 'all records', () => atLeast(60, member.received));
    assert.is(together, 0);
    assert.ok(most > 1);
  });

  test('commits a batch only after it was handled', async () => {
    const topic = await freshTopic(subject, 1);
    const group = freshName();
    const gate = Promise.withResolvers<void>();
    let handed = 0;
    await log().append(topic, numbered(3));
    await using member = new Member(log(), {
      topic,
      group,
      handle: async (records) => {
        handed += records.length;
        await gate.promise;
      },
    });
    await within(limitMs, 'the batch in hand', () => handed > 0);
    assert.equal(await log().committed(group, topic), new Map([[0, -1n]]));
    gate.resolve();
    await within(limitMs, 'the commit', async () => (await log().committed(group, topic)).get(0) === 3n);
    assert.is(member.received.length, 3);
  });

  test('an abort finishes the batch in hand, commits it, and takes no other', async () => {
    const topic = await freshTopic(subject, 1);
    const group = freshName();
    const gate = Promise.withResolvers<void>();
    let offered = 0;
    const member = new Member(log(), {
      topic,
      group,
      handle: async () => {
        offered += 1;
        await gate.promise;
      },
    });
    await log().append(topic, numbered(3));
    await within(limitMs, 'the batch in hand', () => offered === 1);
    await log().append(topic, [record('0', 'later')]);
    const leaving = member.leave();
    assert.not.ok(member.left);
    gate.resolve();
    await leaving;
    assert.is(offered, 1);
    assert.equal((await log().committed(group, topic)).get(0), BigInt(member.received.length));
  });

  test('leaving commits everything that was handled, however short before', async () => {
    const topic = await freshTopic(subject, 2);
    const group = freshName();
    const member = new Member(log(), { topic, group });
    await log().append(topic, numbered(1));
    await within(limitMs, 'the group to form', () => atLeast(1, member.received));
    for (let count = 1; count < 20; count += 1) await log().append(topic, numbered(1, count));
    await within(limitMs, 'all of them', () => atLeast(20, member.received));
    await member.leave();
    const ends = await log().ends(topic);
    assert.equal(await log().committed(group, topic), new Map([...ends].map(([partition, end]) => [partition, end])));
  });

  test('what was handled is committed soon, without a leave and without another record', async () => {
    const topic = await freshTopic(subject, 1);
    const group = freshName();
    await using member = new Member(log(), { topic, group });
    await log().append(topic, numbered(1));
    await within(limitMs, 'the group to form', () => atLeast(1, member.received));
    for (let count = 1; count < 10; count += 1) await log().append(topic, numbered(1, count));
    await within(limitMs, 'all of them', () => atLeast(10, member.received));
    await within(2_000, 'the last commit', async () => (await log().committed(group, topic)).get(0) === 10n);
  });

  test('resolves at once when the signal was aborted before', async () => {
    const topic = await freshTopic(subject, 1);
    const handle = async (): Promise<void> => undefined;
    await log().consume({ topic, group: freshName(), handle, signal: AbortSignal.abort() });
  });
}
