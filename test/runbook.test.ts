/** The runbook speaks of every metric, and of none that does not exist. */
import { readFile } from 'node:fs/promises';

import * as assert from 'uvu/assert';

import { httpMetrics } from '../src/platform/metrics/http-metrics.ts';
import { openMetrics } from '../src/platform/metrics/metrics.ts';
import { suite } from './support/suite.ts';

const test = suite('runbook');

async function metricsThatExist(): Promise<readonly string[]> {
  const metrics = openMetrics({ role: 'test' });
  httpMetrics(metrics.registry);
  metrics.watchLag(() => Promise.resolve([]));
  const { watchBacklog, watchPendingAge, watchHorizonAge, watchAnnouncements, watchActors, watchFollowers } = metrics;
  for (const watch of [watchBacklog, watchPendingAge, watchHorizonAge]) watch(() => 0);
  for (const watch of [watchAnnouncements, watchActors, watchFollowers]) watch(() => 0);
  const described = await metrics.registry.getMetricsAsJSON();
  return described.map(({ name }) => name).filter((name) => name.startsWith('verdict_'));
}

test('every metric is in it, and every metric in it exists', async () => {
  const page = await readFile(new URL('../docs/runbook.md', import.meta.url), 'utf8');
  const told = new Set(
    [...page.matchAll(/verdict_[a-z_]+/g)].map(([name]) => name.replace(/_(?:count|bucket|sum)$/, '')),
  );
  const existing = new Set(await metricsThatExist());
  assert.equal([...existing.difference(told)], []);
  assert.equal([...told.difference(existing)], []);
});

test('every link in it leads to a heading', async () => {
  const page = await readFile(new URL('../docs/runbook.md', import.meta.url), 'utf8');
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
    text.toLowerCase().replaceAll(/[^a-z ]/g, ''),
  );
  const anchors = new Set(headings.map((text) => text.replaceAll(' ', '-')));
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
  assert.ok(links.length > 10);
  assert.equal(
    links.filter((anchor) => !anchors.has(anchor)),
    [],
  );
});

test.run();
