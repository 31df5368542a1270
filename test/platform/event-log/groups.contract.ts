/** Every group gets everything; its members share it, and come back where they left off. */
import * as assert from 'uvu/assert';
import { within } from '../../support/within.ts';
import { atLeast, freshTopic, numbered, record } from './event-log-subject.ts';
import { Member } from './member.ts';
import type { ContractTest, EventLogSubject } from './event-log-subject.ts';

export function groupsContract(test: ContractTest, subject: EventLogSubject): void {
  const { freshName, limitMs, log } = subject;

  test('a new group begins at the beginning, and each group gets everything', async () => {
    const topic = await freshTopic(subject, 2);
    await log().append(topic, numbered(10));
    await using one = new Member(log(), { topic, group: freshName() });
    await within(limitMs, 'the first group', () => atLeast(10, one.received));
    await using other = new Member(log(), { topic, group: freshName() });
    await within(limitMs, 'the second group', () => atLeast(10, other.received));
  });

  test('a group that comes back goes on where it committed', async () => {
    const topic = await freshTopic(subject, 2);
    const group = freshName();
    const first = new Member(log(), { topic, group });
    await log().append(topic, numbered(10));
    await within(limitMs, 'the first ten', () => atLeast(10, first.received));
    await first.leave();
    await log().append(topic, [record('later', 'later')]);
    await using second = new Member(log(), { topic, group });
    await within(limitMs, 'the one after', () => atLeast(1, second.received));
    assert.equal(second.values, ['later']);
  });

  test('two members share a topic, and one that leaves hands over', async () => {
    const topic = await freshTopic(subject, 4);
    const group = freshName();
    const one = new Member(log(), { topic, group });
    await using other = new Member(log(), { topic, group });
    let count = 0;
    await within(2 * limitMs, 'both members to receive', async () => {
      await log().append(topic, numbered(8, count));
      count += 8;
      return one.received.length > 0 && other.received.length > 0;
    });
    await one.leave();
    await log().append(topic, numbered(8, count));
    count += 8;
    await within(limitMs, 'the member that stayed to have all the rest', () => {
      const seen = new Set([...one.values, ...other.values]);
      return seen.size === count;
    });
  });

  test('tells the ends, and -1 where a group never committed', async () => {
    const topic = await freshTopic(subject, 3);
    const group = freshName();
    assert.equal(
      await log().ends(topic),
      new Map([
        [0, 0n],
        [1, 0n],
        [2, 0n],
      ]),
    );
    assert.equal(
      await log().committed(group, topic),
      new Map([
        [0, -1n],
        [1, -1n],
        [2, -1n],
      ]),
    );
    await log().append(topic, numbered(30));
    const ends = await log().ends(topic);
    assert.is(
      [...ends.values()].reduce((sum, end) => sum + end, 0n),
      30n,
    );
    await using member = new Member(log(), { topic, group });
    await within(limitMs, 'commits up to the ends', async () => {
      const committed = await log().committed(group, topic);
      return [...ends].every(([partition, end]) => end === 0n || committed.get(partition) === end);
    });
    assert.is(member.received.length, 30);
  });
}
