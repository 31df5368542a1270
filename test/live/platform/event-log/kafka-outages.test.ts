/** Kafka killed, frozen or wiped under a running producer and consumer: calls end within their limits, and everything goes on without a hand. */
import * as assert from 'uvu/assert';
import { systemClock } from '../../../../src/platform/clock.ts';
import { systemEntropy } from '../../../../src/platform/entropy.ts';
import { openKafkaLog } from '../../../../src/platform/event-log/kafka.ts';
import { Failure } from '../../../../src/platform/failure.ts';
import { Member } from '../../../platform/event-log/member.ts';
import { ownServices } from '../../../support/services.ts';
import { suite } from '../../../support/suite.ts';
import { within } from '../../../support/within.ts';
import type { EventLog } from '../../../../src/platform/event-log/event-log.ts';
import type { KafkaLogOptions } from '../../../../src/platform/event-log/kafka-options.ts';

const test = suite('Kafka event log in outages');

/** The bar is 20 s from the open port; the rest is what the broker itself takes. */
const backMs = 20_000;
const testLimitMs = 120_000;

const services = await ownServices({ only: ['kafka'] });
test.after(() => services[Symbol.asyncDispose]());

async function openLog(options: Partial<KafkaLogOptions> = {}): Promise<EventLog> {
  return openKafkaLog({
    brokers: services.env.KAFKA_BROKERS.split(','),
    clientId: 'outages',
    clock: systemClock,
    entropy: systemEntropy,
    log: (level, fields, message) => {
      if (process.env['VERDICT_TEST_LOG'] !== undefined)
        console.error(new Date().toISOString(), level, message, fields);
    },
    ...options,
  });
}

async function freshTopic(log: EventLog): Promise<string> {
  const name = `${services.freshPrefix()}topic`;
  await log.ensureTopics([{ name, partitions: 3, replication: 1, retentionMs: -1 }]);
  return name;
}

/** Appends until told otherwise and remembers what was acknowledged. */
function writer(log: EventLog, topic: string): { readonly written: Set<string>; readonly stop: () => Promise<void> } {
  const written = new Set<string>();
  const stopping = new AbortController();
  const work = async (): Promise<void> => {
    for (let count = 0; !stopping.signal.aborted; count += 1) {
      const value = `${count}`;
      await log.append(topic, [{ key: value, value, headers: {} }]).then(
        () => written.add(value),
        (error: unknown) => assert.instance(error, Failure),
      );
      await systemClock.sleep(5, stopping.signal);
    }
  };
  const working = work();
  return {
    written,
    stop: async () => {
      stopping.abort();
      await working;
    },
  };
}

async function growsBy(count: number, limitMs: number, what: string, size: () => number): Promise<void> {
  const before = size();
  await within(limitMs, what, () => size() >= before + count);
}

test(
  'a killed and restarted broker: producer and consumer come back, nothing acknowledged is missing',
  async () => {
    await using log = await openLog();
    const topic = await freshTopic(log);
    await using member = new Member(log, { topic, group: `${topic}-group` });
    const { written, stop } = writer(log, topic);
    await growsBy(20, 15_000, 'records before the kill', () => member.received.length);
    await services.kill('kafka');
    await services.restart('kafka');
    const upAt = performance.now();
    await growsBy(20, backMs, 'records written again', () => written.size);
    console.log(`  written again ${((performance.now() - upAt) / 1_000).toFixed(1)} s after the restart`);
    await growsBy(20, backMs, 'records read again', () => member.received.length);
    console.log(`  read again ${((performance.now() - upAt) / 1_000).toFixed(1)} s after the restart`);
    await stop();
    await within(backMs, 'everything acknowledged', () => written.isSubsetOf(new Set(member.values)));
  },
  testLimitMs,
);

test(
  'a broker that is away: opening succeeds, every call ends with a failure within its limit',
  async () => {
    await services.kill('kafka');
    try {
      await using log = await openLog({ askLimitMs: 2_000, appendLimitMs: 3_000 });
      const spec = { name: 'away', partitions: 1, replication: 1, retentionMs: -1 };
      const calls = [
        () => log.ping(),
        () => log.ends('away'),
        () => log.committed('away', 'away'),
        () => log.ensureTopics([spec]),
        () => log.append('away', [{ key: 'key', value: 'value', headers: {} }]),
      ];
      for (const call of calls) {
        const began = performance.now();
        const failure = await call().then(
          () => undefined,
          (error: unknown) => error,
        );
        assert.is(failure instanceof Failure && failure.code, 'event_log_unavailable');
        assert.ok(performance.now() - began < 3_500);
      }
      const member = new Member(log, { topic: 'away', group: 'away' });
      await member.leave();
    } finally {
      await services.restart('kafka');
    }
  },
  testLimitMs,
);

test(
  'a frozen broker: calls end, and go through again when it wakes',
  async () => {
    await using patient = await openLog();
    const topic = await freshTopic(patient);
    await using log = await openLog({ askLimitMs: 1_000, appendLimitMs: 2_000 });
    await using member = new Member(log, { topic, group: `${topic}-group` });
    const { written, stop } = writer(log, topic);
    await growsBy(20, 15_000, 'records before the freeze', () => member.received.length);
    services.stop('kafka');
    try {
      const failure = await log.ping().catch((error: unknown) => error);
      assert.is(failure instanceof Failure && failure.code, 'event_log_unavailable');
    } finally {
      services.cont('kafka');
    }
    await growsBy(20, backMs, 'records written again', () => written.size);
    await growsBy(20, backMs, 'records read again', () => member.received.length);
    await stop();
    await within(backMs, 'everything acknowledged', () => written.isSubsetOf(new Set(member.values)));
  },
  testLimitMs,
);

test(
  'a wiped log: topics come back, and the new log is read from its first record',
  async () => {
    await using log = await openLog();
    const topic = await freshTopic(log);
    const group = `${topic}-group`;
    await using member = new Member(log, { topic, group });
    const first = writer(log, topic);
    await growsBy(200, 30_000, 'records before the wipe', () => member.received.length);
    await first.stop();
    await services.wipe('kafka');
    const upAt = performance.now();
    const second = writer(log, topic);
    await growsBy(20, backMs, 'records written to the new log', () => second.written.size);
    await growsBy(20, backMs, 'records read from the new log', () => member.received.length);
    console.log(`  read again ${((performance.now() - upAt) / 1_000).toFixed(1)} s after the wipe`);
    await second.stop();
    const before = member.received.length;
    const ends = await log.ends(topic);
    await within(backMs, 'commits up to the new ends', async () => {
      const committed = await log.committed(group, topic);
      return [...ends].every(([partition, end]) => committed.get(partition) === end);
    });
    assert.ok(before > 0);
  },
  testLimitMs,
);

test(
  'a wiped log that has grown past the old offsets meanwhile is still read from its first record',
  async () => {
    await using log = await openLog();
    const topic = await freshTopic(log);
    await using member = new Member(log, { topic, group: `${topic}-group` });
    const records = Array.from({ length: 30 }, (_, index) => ({ key: `${index}`, value: `old-${index}`, headers: {} }));
    await log.append(topic, records);
    await within(15_000, 'the old records', () => member.received.length === 30);
    await services.wipe('kafka');
    const fresh = Array.from({ length: 300 }, (_, index) => ({ key: `${index}`, value: `new-${index}`, headers: {} }));
    await log.append(topic, fresh);
    await within(backMs, 'every new record', () => {
      const seen = new Set(member.values);
      return fresh.every(({ value }) => seen.has(value));
    });
  },
  testLimitMs,
);

test.run();
