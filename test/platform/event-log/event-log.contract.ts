/** What every event log promises, whoever keeps it: order, delivery at least once, sharing within a group, honest offsets. */
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/platform/failure.ts';
import { within } from '../../support/within.ts';
import { Member } from './member.ts';
import type { EventLog, LogRecord, NewRecord } from '../../../src/platform/event-log/event-log.ts';
import type { Suite } from '../../support/suite.ts';

export type EventLogSubject = {
  readonly log: () => EventLog;
  /** A name that no other test uses. */
  readonly freshName: () => string;
  /** How long a group may take to form or to change. */
  readonly limitMs: number;
};

export function eventLogContract(test: Suite, { log, freshName, limitMs }: EventLogSubject): void {
  const testLimitMs = 4 * limitMs + 10_000;

  const freshTopic = async (partitions: number): Promise<string> => {
    const name = freshName();
    await log().ensureTopics([{ name, partitions, replication: 1, retentionMs: -1 }]);
    return name;
  };

  test(
    'hands over what was appended, unchanged',
    async () => {
      const topic = await freshTopic(1);
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
    },
    testLimitMs,
  );

  test(
    'keeps the order of a partition, the order of a key, and a key in its partition',
    async () => {
      const topic = await freshTopic(3);
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
    },
    testLimitMs,
  );

  test(
    'keeps the bytes as they were when they were appended',
    async () => {
      const topic = await freshTopic(1);
      const value = Buffer.from('before');
      await log().append(topic, [{ key: 'k', value, headers: {} }]);
      value.write('after!');
      await using member = new Member(log(), { topic, group: freshName() });
      await within(limitMs, 'the record', () => atLeast(1, member.received));
      assert.equal(member.values, ['before']);
    },
    testLimitMs,
  );

  test(
    'a new group begins at the beginning, and each group gets everything',
    async () => {
      const topic = await freshTopic(2);
      await log().append(topic, numbered(10));
      await using one = new Member(log(), { topic, group: freshName() });
      await within(limitMs, 'the first group', () => atLeast(10, one.received));
      await using other = new Member(log(), { topic, group: freshName() });
      await within(limitMs, 'the second group', () => atLeast(10, other.received));
    },
    testLimitMs,
  );

  test(
    'a group that comes back goes on where it committed',
    async () => {
      const topic = await freshTopic(2);
      const group = freshName();
      const first = new Member(log(), { topic, group });
      await log().append(topic, numbered(10));
      await within(limitMs, 'the first ten', () => atLeast(10, first.received));
      await first.leave();
      await log().append(topic, [record('later', 'later')]);
      await using second = new Member(log(), { topic, group });
      await within(limitMs, 'the one after', () => atLeast(1, second.received));
      assert.equal(second.values, ['later']);
    },
    testLimitMs,
  );

  test(
    'delivers again what was rejected, from its first record, and nothing behind it before',
    async () => {
      const topic = await freshTopic(1);
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
    },
    testLimitMs,
  );

  test(
    'a partition whose batches are rejected does not hold up the others',
    async () => {
      const topic = await freshTopic(4);
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
    },
    testLimitMs,
  );

  test(
    'handles one batch at a time per partition, and several partitions at once',
    async () => {
      const topic = await freshTopic(3);
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
    },
    testLimitMs,
  );

  test(
    'commits a batch only after it was handled',
    async () => {
      const topic = await freshTopic(1);
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
    },
    testLimitMs,
  );

  test(
    'tells the ends, and -1 where a group never committed',
    async () => {
      const topic = await freshTopic(3);
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
    },
    testLimitMs,
  );

  test(
    'an abort finishes the batch in hand, commits it, and takes no other',
    async () => {
      const topic = await freshTopic(1);
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
    },
    testLimitMs,
  );

  test(
    'resolves at once when the signal was aborted before',
    async () => {
      const topic = await freshTopic(1);
      const handle = async (): Promise<void> => undefined;
      await log().consume({ topic, group: freshName(), handle, signal: AbortSignal.abort() });
    },
    testLimitMs,
  );

  test(
    'two members share a topic, and one that leaves hands over',
    async () => {
      const topic = await freshTopic(4);
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
    },
    testLimitMs,
  );

  test(
    'records appended while a member waits reach it',
    async () => {
      const topic = await freshTopic(2);
      await using member = new Member(log(), { topic, group: freshName() });
      for (let round = 1; round <= 5; round += 1) {
        await log().append(topic, numbered(4, 4 * round));
        await within(limitMs, `round ${round}`, () => atLeast(4 * round, member.received));
      }
    },
    testLimitMs,
  );

  test(
    'creating a topic again changes nothing',
    async () => {
      const topic = await freshTopic(3);
      await log().append(topic, numbered(6));
      const other = freshName();
      await log().ensureTopics([
        { name: topic, partitions: 1, replication: 1, retentionMs: 1_000 },
        { name: other, partitions: 2, replication: 1, retentionMs: 60_000 },
      ]);
      const ends = await log().ends(topic);
      assert.is(ends.size, 3);
      assert.is(
        [...ends.values()].reduce((sum, end) => sum + end, 0n),
        6n,
      );
      assert.is((await log().ends(other)).size, 2);
    },
    testLimitMs,
  );

  test(
    'an append without records does nothing',
    async () => {
      const topic = await freshTopic(1);
      await log().append(topic, []);
      assert.equal(await log().ends(topic), new Map([[0, 0n]]));
    },
    testLimitMs,
  );

  test(
    'a topic that does not exist is a failure of the world',
    async () => {
      const topic = freshName();
      for (const attempt of [() => log().ends(topic), () => log().append(topic, numbered(1))]) {
        const failure = await attempt().then(
          () => undefined,
          (error: unknown) => error,
        );
        assert.instance(failure, Failure);
        assert.is(failure instanceof Failure && failure.code, 'event_log_unavailable');
      }
    },
    testLimitMs,
  );

  test('answers a ping', async () => {
    await log().ping();
  });
}

function atLeast(count: number, records: readonly LogRecord[]): readonly LogRecord[] | undefined {
  return records.length >= count ? records : undefined;
}

function record(key: string, value: string): NewRecord {
  return { key, value, headers: {} };
}

function numbered(count: number, from = 0): readonly NewRecord[] {
  return Array.from({ length: count }, (_, index) => record(`${from + index}`, `${from + index}`));
}
