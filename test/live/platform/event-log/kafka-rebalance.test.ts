/** A batch that outlives its member's place in the group: somebody else gets it, and its late end commits nothing. */
import * as assert from 'uvu/assert';
import { systemClock } from '../../../../src/platform/clock.ts';
import { systemEntropy } from '../../../../src/platform/entropy.ts';
import { openKafkaLog } from '../../../../src/platform/event-log/kafka.ts';
import { Member } from '../../../platform/event-log/member.ts';
import { liveServices } from '../../../support/services.ts';
import { suite } from '../../../support/suite.ts';
import { within } from '../../../support/within.ts';
import type { KafkaLogOptions } from '../../../../src/platform/event-log/kafka-options.ts';
import type { EventLog, LogRecord } from '../../../../src/platform/event-log/event-log.ts';

const test = suite('Kafka event log in a rebalance');

const services = await liveServices();
test.after(() => services[Symbol.asyncDispose]());

function openLog(options: Partial<KafkaLogOptions> = {}): Promise<EventLog> {
  return openKafkaLog({
    brokers: services.env.KAFKA_BROKERS.split(','),
    clientId: 'rebalance',
    clock: systemClock,
    entropy: systemEntropy,
    log: () => undefined,
    leaveLimitMs: 1_000,
    ...options,
  });
}

/** A handler that keeps what it was offered and ends when it is told to. */
function stuck(): {
  readonly offered: Set<number>;
  readonly handle: (records: readonly LogRecord[]) => Promise<void>;
  readonly release: () => void;
} {
  const { promise, resolve } = Promise.withResolvers<void>();
  const offered = new Set<number>();
  const handle = async (records: readonly LogRecord[]): Promise<void> => {
    for (const { partition } of records) offered.add(partition);
    await promise;
  };
  return { offered, handle, release: resolve };
}

test('what comes after a member has its partition is fresh, what lay there before and what was rejected is not', async () => {
  await using log = await openLog();
  const topic = `${services.freshPrefix()}topic`;
  await log.ensureTopics([{ name: topic, partitions: 1, replication: 1, retentionMs: -1 }]);
  const append = (value: string): Promise<void> => log.append(topic, [{ key: 'key', value, headers: {} }]);
  await append('before');
  let rejections = 1;
  const handle = async (records: readonly LogRecord[]): Promise<void> => {
    if (records.some(({ value }) => value?.toString() === 'rejected') && rejections-- > 0) throw new Error('not now');
  };
  await using member = new Member(log, { topic, group: `${topic}-group`, handle });
  for (const value of ['after', 'rejected', 'last']) {
    await within(15_000, `what came before ${value}`, () => member.received.length > 0);
    const count = member.received.length;
    await append(value);
    await within(15_000, value, () => member.received.length > count);
  }
  const [handedOver, again] = [new Map<string | undefined, boolean>(), [] as LogRecord[]];
  for (const record of member.received) {
    const value = record.value?.toString();
    if (handedOver.has(value)) again.push(record);
    else handedOver.set(value, record.fresh === true);
  }
  assert.equal(
    [...handedOver],
    [
      ['before', false],
      ['after', true],
      ['rejected', false],
      ['last', true],
    ],
  );
  assert.ok(again.every(({ fresh }) => fresh === undefined));
}, 60_000);

test('a batch in hand passes to the member that joins, and its former owner commits nothing', async () => {
  await using firstLog = await openLog();
  await using otherLog = await openLog();
  const topic = `${services.freshPrefix()}topic`;
  const group = `${topic}-group`;
  await firstLog.ensureTopics([{ name: topic, partitions: 2, replication: 1, retentionMs: -1 }]);
  const records = Array.from({ length: 20 }, (_, index) => ({ key: `${index}`, value: `${index}`, headers: {} }));
  await firstLog.append(topic, records);

  const first = stuck();
  await using former = new Member(firstLog, { topic, group, handle: first.handle });
  await within(15_000, 'both partitions in hand', () => first.offered.size === 2);
  const other = stuck();
  await using latter = new Member(otherLog, { topic, group, handle: other.handle });
  await within(15_000, 'one of them in the hand of the other member', () => other.offered.size === 1);

  const [moved = -1] = other.offered;
  first.release();
  await within(15_000, 'the late end of the former owner', () =>
    former.received.some(({ partition }) => partition === moved),
  );
  await within(15_000, 'the commit of what stayed', async () => {
    return ((await firstLog.committed(group, topic)).get(1 - moved) ?? -1n) > 0n;
  });
  assert.is((await firstLog.committed(group, topic)).get(moved), -1n);

  other.release();
  await within(15_000, 'the commit of the new owner', async () => {
    return ((await otherLog.committed(group, topic)).get(moved) ?? -1n) > 0n;
  });
  assert.ok(latter.received.every(({ partition }) => partition === moved));
}, 90_000);

test('a member whose handler never ends leaves in time and hands its batch over', async () => {
  await using firstLog = await openLog();
  await using otherLog = await openLog();
  const topic = `${services.freshPrefix()}topic`;
  const group = `${topic}-group`;
  await firstLog.ensureTopics([{ name: topic, partitions: 2, replication: 1, retentionMs: -1 }]);
  const records = Array.from({ length: 20 }, (_, index) => ({ key: `${index}`, value: `${index}`, headers: {} }));
  await firstLog.append(topic, records);
  const first = stuck();
  const former = new Member(firstLog, { topic, group, handle: first.handle });
  await within(15_000, 'both partitions in hand', () => first.offered.size === 2);
  await using latter = new Member(otherLog, { topic, group });
  await within(15_000, 'one of them with the other member', () => latter.received.length > 0);
  assert.ok(latter.received.length < records.length);
  const began = performance.now();
  await former.leave();
  assert.ok(performance.now() - began < 3_000);
  await within(5_000, 'both of them with the other member', () => latter.received.length === records.length);
  first.release();
}, 60_000);

test('what was handled and not yet committed is committed before the group forms anew, and not delivered again', async () => {
  await using firstLog = await openLog({ commitEveryMs: 600_000 });
  await using otherLog = await openLog();
  const topic = `${services.freshPrefix()}topic`;
  const group = `${topic}-group`;
  await firstLog.ensureTopics([{ name: topic, partitions: 2, replication: 1, retentionMs: -1 }]);
  await using former = new Member(firstLog, { topic, group });
  for (let count = 0; count < 10; count += 1) {
    const records = Array.from({ length: 4 }, (_, index) => ({ key: `${index}`, value: `${count}`, headers: {} }));
    await firstLog.append(topic, records);
    await within(15_000, 'the records', () => former.received.length === 4 * (count + 1));
  }
  const all = async (): Promise<bigint> =>
    [...(await firstLog.committed(group, topic)).values()].reduce(
      (sum, offset) => sum + (offset < 0n ? 0n : offset),
      0n,
    );
  assert.ok((await all()) < 40n);
  await using latter = new Member(otherLog, { topic, group });
  await within(15_000, 'the commit of the rest', async () => (await all()) === 40n);
  await within(15_000, 'a record for each of them', async () => {
    const records = Array.from({ length: 8 }, (_, index) => ({ key: `${index}`, value: 'later', headers: {} }));
    await firstLog.append(topic, records);
    return latter.received.length > 0 && former.received.length > 40;
  });
  assert.ok([...latter.values, ...former.values.slice(40)].every((value) => value === 'later'));
}, 60_000);

test.run();
