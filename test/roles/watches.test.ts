/** A running Verdict tells its operator everything that the runbook speaks of, with values that make sense. */
import * as assert from 'uvu/assert';

import { lagOf } from '../../src/roles/watches.ts';
import { post } from '../../tools/run/client.ts';
import { withVerdict } from '../support/embedded.ts';
import { suite } from '../support/suite.ts';
import { within } from '../support/within.ts';

const test = suite('watches');

test('lag is what a group has not committed, partition by partition, and never less than nothing', () => {
  const ends = new Map([
    [0, 10n],
    [1, 5n],
    [2, 7n],
  ]);
  const committed = new Map([
    [0, 4n],
    [1, -1n],
    [2, 9n],
  ]);
  assert.is(lagOf(ends, committed), 11);
  assert.is(lagOf(ends, new Map()), 22);
});

test('a scrape of a standalone process finds every reading, at rest again after the work', async () => {
  await withVerdict({}, async ({ url }) => {
    const atRest = await scrape(url);
    for (const name of readings) assert.is(atRest.get(name), 0, `${name} before anything happened`);
    const statuses = await Promise.all([120, 1000, 1000.01].map((value) => settled(url, value)));
    assert.equal(statuses, [201, 201, 201]);
    await within(10_000, 'everything is settled, relayed and at rest', async () => {
      const now = await scrape(url);
      return now.get('relayed_total') === 3 && restless.every((name) => now.get(name) === 0);
    });
    const after = await scrape(url);
    assert.is(after.get('transactions_total{event="TransactionOpened"}'), 3);
    assert.is(after.get('decisions_total{outcome="APPROVED"}'), 2);
    assert.is(after.get('decisions_total{outcome="REJECTED"}'), 1);
    assert.is(after.get('settled_after_seconds_count{status="APPROVED"}'), 2);
    assert.is(after.get('settled_after_seconds_count{status="REJECTED"}'), 1);
    assert.is(after.get('expired_total'), 0);
  });
}, 115_000);

const restless = [
  'log_lag_records{group="verdict.anti-fraud"}',
  'log_lag_records{group="verdict.settlement"}',
  'relay_backlog_records',
  'pending_age_seconds',
];
const readings = [
  ...restless,
  ...['journal_horizon_age_seconds', 'relay_stragglers', 'announce_queue_depth', 'actors', 'status_feed_followers'],
  ...['sse_clients', 'resent_total', 'expired_total', 'key_store_failures_total'],
];

async function settled(url: string, value: number): Promise<number> {
  return (await post(url, { value, headers: { prefer: 'wait=10' } })).status;
}

/** Name and labels, without what all of them have in common, to value. */
async function scrape(url: string): Promise<ReadonlyMap<string, number>> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, name = '', value = ''] = /^verdict_(\S+) (\S+)$/.exec(line) ?? [];
      const known = name
        .replace(/,?role="standalone"/, '')
        .replace('{}', '')
        .replace('{,', '{');
      return name === '' ? [] : [[known, Number(value)] as const];
    }),
  );
}

test.run();
