/** What processes tell at /metrics counts for the time between two looks, not since their start. */
import * as assert from 'uvu/assert';

import { toldBetween } from '../../bench/measure/metrics.ts';
import { openMetrics } from '../../src/platform/metrics/metrics.ts';
import { suite } from '../support/suite.ts';

const test = suite('metrics of a turn');

test('the mean size of the batches in between, by process and kind', async () => {
  const metrics = openMetrics({ role: 'settlement' });
  metrics.batch('settle', 1);
  metrics.batch('idle', 5);
  const before = { settlement: await metrics.registry.metrics() };
  for (const size of [10, 20, 60]) metrics.batch('settle', size);
  metrics.batch('announce', 7);
  const after = { settlement: await metrics.registry.metrics() };
  assert.equal(toldBetween(before, after).batchSizes, { 'settlement settle': 30, 'settlement announce': 7 });
});

test('the delay of the event loop in milliseconds', async () => {
  const metrics = openMetrics({ role: 'relay' });
  const before = { relay: await metrics.registry.metrics() };
  const page = await metrics.registry.metrics();
  const seconds = Number(/^nodejs_eventloop_lag_p99_seconds\{[^}]*\} (\S+)$/m.exec(page)?.[1]);
  const { p99 } = toldBetween(before, { relay: page }).loopDelayMs['relay'] ?? { p99: NaN };
  assert.is(p99, 1000 * seconds);
});

test('nobody tells anything where nobody was asked', () => {
  assert.equal(toldBetween({}, {}), { batchSizes: {}, loopDelayMs: {} });
});

test.run();
