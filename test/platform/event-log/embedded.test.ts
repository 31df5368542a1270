/** The embedded event log keeps the contract, and its memory keeps its bounds. */
import * as assert from 'uvu/assert';
import { systemClock } from '../../../src/platform/clock.ts';
import { EmbeddedEventLog, openEmbeddedLog } from '../../../src/platform/event-log/embedded.ts';
import { Failure } from '../../../src/platform/failure.ts';
import { suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';
import { eventLogContract } from './event-log.contract.ts';
import { Member } from './member.ts';
import type { NewRecord, Offsets } from '../../../src/platform/event-log/event-log.ts';

const test = suite('embedded event log');

const log = openEmbeddedLog({ clock: systemClock, redeliverAfterMs: 5 });
let names = 0;

eventLogContract(test, { log: () => log, freshName: () => `name-${(names += 1)}`, limitMs: 2_000 });

const spec = { name: 'topic', partitions: 1, replication: 1, retentionMs: -1 };

test('a topic that nobody reads keeps its newest records', async () => {
  await using small = new EmbeddedEventLog({ clock: systemClock, keptMax: 8 });
  await small.ensureTopics([spec]);
  await small.append('topic', numbered(100));
  assert.equal(await small.ends('topic'), new Map([[0, 100n]]));
  await using member = new Member(small, { topic: 'topic', group: 'late' });
  await within(1_000, 'the newest', () => member.values.at(-1) === '99');
  assert.ok(member.received.length >= 8 && member.received.length <= 10, `${member.received.length} kept`);
});

test('what is kept is the topic’s, however many partitions share it', async () => {
  await using small = new EmbeddedEventLog({ clock: systemClock, keptMax: 40 });
  await small.ensureTopics([{ ...spec, partitions: 4 }]);
  const records = numbered(400).map((record, index) => ({ ...record, key: `key-${index}` }));
  for (const record of records) await small.append('topic', [record]);
  await using member = new Member(small, { topic: 'topic', group: 'late' });
  await within(1_000, 'the newest', () => member.values.includes('399'));
  await within(1_000, 'all of it', async () => sum(await small.committed('late', 'topic')) === 400n);
  assert.ok(member.received.length >= 40 && member.received.length <= 52, `${member.received.length} kept`);
});

test('a group that never committed reads next where a cut log begins', async () => {
  await using small = new EmbeddedEventLog({ clock: systemClock, keptMax: 8 });
  await small.ensureTopics([spec]);
  assert.equal(await small.committed('late', 'topic'), new Map([[0, -1n]]));
  await small.append('topic', numbered(100));
  const next = (await small.committed('late', 'topic')).get(0) ?? -1n;
  assert.ok(next >= 90n && next <= 92n, `${next}`);
});

test('what a group has not read is kept, up to a bound at which appending is refused as a whole', async () => {
  await using small = new EmbeddedEventLog({ clock: systemClock, keptMax: 2, unreadMax: 10 });
  await small.ensureTopics([spec]);
  await new Member(small, { topic: 'topic', group: 'slow' }).leave();
  await small.append('topic', numbered(10));
  const failure = await small.append('topic', numbered(1)).catch((error: unknown) => error);
  assert.is(failure instanceof Failure && failure.code, 'overloaded');
  await using member = new Member(small, { topic: 'topic', group: 'slow' });
  await within(1_000, 'all ten', () => member.received.length === 10);
  await within(1_000, 'room again', async () => (await small.committed('slow', 'topic')).get(0) === 10n);
  await small.append('topic', numbered(10));
});

test('a handler that never ends does not hold up the end of its member, and commits nothing', async () => {
  await using stuck = new EmbeddedEventLog({ clock: systemClock, stopLimitMs: 20 });
  await stuck.ensureTopics([spec]);
  await stuck.append('topic', numbered(3));
  let offered = 0;
  const gate = Promise.withResolvers<void>();
  const handle = (): Promise<void> => {
    offered += 1;
    return gate.promise;
  };
  const member = new Member(stuck, { topic: 'topic', group: 'group', handle });
  await within(1_000, 'the batch in hand', () => offered === 1);
  await member.leave();
  gate.resolve();
  await within(1_000, 'the late end of the handler', () => member.received.length === 3);
  assert.equal(await stuck.committed('group', 'topic'), new Map([[0, -1n]]));
});

test('closing ends the members and refuses what comes after', async () => {
  const closing = new EmbeddedEventLog({ clock: systemClock });
  await closing.ensureTopics([spec]);
  const member = new Member(closing, { topic: 'topic', group: 'group' });
  await closing[Symbol.asyncDispose]();
  await within(1_000, 'the member to be let go', () => member.left);
  const failure = await closing.append('topic', numbered(1)).catch((error: unknown) => error);
  assert.is(failure instanceof Failure && failure.code, 'stopped');
});

function numbered(count: number): readonly NewRecord[] {
  return Array.from({ length: count }, (_, index) => ({ key: 'key', value: `${index}`, headers: {} }));
}

function sum(offsets: Offsets): bigint {
  return [...offsets.values()].reduce((total, offset) => total + offset, 0n);
}

test.run();
