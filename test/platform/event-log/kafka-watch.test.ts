/** What a consumer is watched for: a log that was wiped, and a partition that stands still. */
import * as assert from 'uvu/assert';
import { KafkaStall } from '../../../src/platform/event-log/kafka-stall.ts';
import { KafkaWipes } from '../../../src/platform/event-log/kafka-wipes.ts';
import { suite } from '../../support/suite.ts';
import type { Range } from '../../../src/platform/event-log/kafka-admin.ts';
import type { Progress } from '../../../src/platform/event-log/kafka-stall.ts';

const test = suite('watching a consumer');

function ranges(...highs: readonly bigint[]): ReadonlyMap<number, Range> {
  return new Map(highs.map((high, partition) => [partition, { low: 0n, high }]));
}

test('a log that grows is not a wiped one', () => {
  const wipes = new KafkaWipes();
  assert.not.ok(wipes.look({ clusterId: 'one', ranges: ranges(5n, 0n) }));
  assert.not.ok(wipes.look({ clusterId: 'one', ranges: ranges(5n, 3n) }));
  assert.not.ok(wipes.look({ clusterId: 'one', ranges: ranges(9n, 3n, 0n) }));
});

test('another cluster, an end that went backwards or a partition that is gone is a wipe, told once', () => {
  const wipes = new KafkaWipes();
  wipes.look({ clusterId: 'one', ranges: ranges(5n, 3n) });
  assert.ok(wipes.look({ clusterId: 'two', ranges: ranges(9n, 9n) }));
  assert.not.ok(wipes.look({ clusterId: 'two', ranges: ranges(9n, 9n) }));
  assert.ok(wipes.look({ clusterId: 'two', ranges: ranges(9n, 8n) }));
  assert.ok(wipes.look({ clusterId: 'two', ranges: ranges(9n) }));
});

function progress(atMs: number, committed: bigint, more: Partial<Progress> = {}): Progress {
  return { atMs, assigned: [0], ranges: ranges(10n), committed: new Map([[0, committed]]), inHand: false, ...more };
}

test('lag without a commit, for the limit, is a stall', () => {
  const stall = new KafkaStall(1_000);
  assert.is(stall.look(progress(0, -1n)), undefined);
  assert.is(stall.look(progress(999, -1n)), undefined);
  assert.is(stall.look(progress(1_000, -1n)), 0);
});

test('a commit, a batch in hand, no lag or another owner starts the limit anew', () => {
  const stall = new KafkaStall(1_000);
  stall.look(progress(0, 4n));
  assert.is(stall.look(progress(1_000, 5n)), undefined);
  assert.is(stall.look(progress(2_000, 5n, { inHand: true })), undefined);
  assert.is(stall.look(progress(3_000, 5n, { assigned: [] })), undefined);
  assert.is(stall.look(progress(4_000, 5n)), undefined);
  assert.is(stall.look(progress(5_000, 10n)), undefined);
  assert.is(stall.look(progress(9_000, 10n)), undefined);
});

test('records that retention took are no lag', () => {
  const stall = new KafkaStall(1_000);
  const expired = { ranges: new Map([[0, { low: 10n, high: 10n }]]) };
  stall.look(progress(0, -1n, expired));
  assert.is(stall.look(progress(5_000, -1n, expired)), undefined);
});

test.run();
