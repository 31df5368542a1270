/** Every registry stands alone, and one reading that fails does not take the others with it. */
import * as assert from 'uvu/assert';

import { openMetrics } from '../../../src/platform/metrics/metrics.ts';
import { suite } from '../../support/suite.ts';

const test = suite('metrics');

test('what is counted shows under its name, with the role', async () => {
  const metrics = openMetrics({ role: 'relay' });
  metrics.transition('TransactionOpened');
  metrics.resent(3);
  metrics.deadLetter('verdict.decisions', 'bad_json');
  metrics.announcementsDropped(2, 'overflow');
  metrics.batch('open', 7);
  const text = await metrics.exposition.metrics();
  for (const line of [
    'verdict_transactions_total{event="TransactionOpened",role="relay"} 1',
    'verdict_resent_total{role="relay"} 3',
    'verdict_dead_letters_total{topic="verdict.decisions",cause="bad_json",role="relay"} 1',
    'verdict_announcements_dropped_total{reason="overflow",role="relay"} 2',
    'verdict_batch_size_bucket{le="10",role="relay",batch="open"} 1',
  ]) {
    assert.ok(text.includes(line), `${line}\n${text}`);
  }
  assert.match(text, /nodejs_eventloop_lag_p99_seconds/);
  assert.match(metrics.exposition.contentType, /^text\/plain/);
});

test('two of them share nothing', async () => {
  const [one, other] = [openMetrics({ role: 'one' }), openMetrics({ role: 'other' })];
  one.keyStoreFailed();
  assert.match(await one.exposition.metrics(), /verdict_key_store_failures_total\{role="one"\} 1/);
  assert.match(await other.exposition.metrics(), /verdict_key_store_failures_total\{role="other"\} 0/);
});

test('what is watched is read when it is asked for', async () => {
  const metrics = openMetrics({ role: 'relay' });
  let backlog = 1;
  metrics.watchBacklog(() => backlog);
  metrics.watchLag(async () => [
    { labels: { group: 'verdict.anti-fraud' }, value: 5 },
    { labels: { group: 'verdict.settlement' }, value: 0 },
  ]);
  assert.match(await metrics.exposition.metrics(), /verdict_relay_backlog_records\{role="relay"\} 1\n/);
  backlog = 2;
  const text = await metrics.exposition.metrics();
  assert.match(text, /verdict_relay_backlog_records\{role="relay"\} 2\n/);
  assert.match(text, /verdict_log_lag_records\{group="verdict.anti-fraud",role="relay"\} 5\n/);
});

test('a reading that fails leaves no value, and everything else is there', async () => {
  const metrics = openMetrics({ role: 'relay' });
  let away = false;
  metrics.watchPendingAge(async () => {
    if (away) throw new Error('the database is away');
    return 4;
  });
  metrics.watchHorizonAge(() => 1);
  assert.match(await metrics.exposition.metrics(), /verdict_pending_age_seconds\{role="relay"\} 4\n/);
  away = true;
  const text = await metrics.exposition.metrics();
  assert.not.match(text, /verdict_pending_age_seconds\{role="relay"\} 4/);
  assert.match(text, /verdict_journal_horizon_age_seconds\{role="relay"\} 1\n/);
});

test.run();
