/** What operators and tools ask: health that tells the truth about each dependency, metrics, and a document that is valid OpenAPI. */
import { Validator } from '@seriousme/openapi-schema-validator';
import Koa from 'koa';
import { Registry } from 'prom-client';
import * as assert from 'uvu/assert';

import { createOpsApp } from '../../src/http/ops-app.ts';
import type { HealthChecks } from '../../src/http/routes/health.ts';
import { HttpServer } from '../../src/http/server.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { systemEntropy } from '../../src/platform/entropy.ts';
import { httpMetrics } from '../../src/platform/metrics/http-metrics.ts';
import { bodyOf, serve, serverLimits } from '../support/served.ts';
import { suite } from '../support/suite.ts';
import { within } from '../support/within.ts';

const test = suite('http: operations');

const up = async (): Promise<void> => undefined;
const down = async (): Promise<void> => {
  throw new Error('connect ECONNREFUSED 10.0.0.1');
};
const silent = (): Promise<void> => new Promise(() => undefined);

async function readiness(checks: HealthChecks): Promise<readonly [number, string]> {
  await using served = await serve({ checks });
  const response = await served.get('/health/ready');
  return [response.status, await response.text()];
}

test('ready says of each dependency whether it answers', async () => {
  const database = { required: true, check: up };
  assert.equal(await readiness({ database }), [200, '{"status":"ready","checks":{"database":"up"}}']);
  assert.equal(await readiness({ database, keyStore: { required: false, check: down } }), [
    200,
    '{"status":"degraded","checks":{"database":"up","keyStore":"down"}}',
  ]);
  assert.equal(await readiness({ database: { required: true, check: down } }), [
    503,
    '{"status":"unready","checks":{"database":"down"}}',
  ]);
});

test('a dependency that does not answer is down, not awaited for ever', async () => {
  const startedAt = systemClock.elapsed();
  assert.is((await readiness({ database: { required: true, check: silent } }))[0], 503);
  assert.ok(systemClock.elapsed() - startedAt < 1_500);
});

test('probes that come together share one round of checks', async () => {
  let rounds = 0;
  const gate = Promise.withResolvers<void>();
  const check = (): Promise<void> => {
    rounds += 1;
    return gate.promise;
  };
  await using served = await serve({
    checks: { database: { required: true, check } },
    limits: { healthCheckMaxMs: 10_000 },
  });
  const probes = Array.from({ length: 5 }, () => served.get('/health/ready'));
  await within(2_000, 'all probes', () => served.counted.filter(({ what }) => what === 'started').length === 5);
  gate.resolve();
  for (const probe of probes) assert.is((await probe).status, 200);
  assert.ok(rounds < 5);
});

test('the document is valid OpenAPI 3.1 and names every route', async () => {
  await using served = await serve();
  const response = await served.get('/openapi.json');
  assert.is(response.headers.get('content-type'), 'application/json');
  const document = await bodyOf<{ paths: object; openapi: string }>(response);
  const result = await new Validator().validate(document);
  assert.ok(result.valid, JSON.stringify(result.errors));
  assert.is(document.openapi, '3.1.0');
  assert.equal(Object.keys(document.paths).toSorted(), [
    '/dead-letters',
    '/dead-letters/discard',
    '/dead-letters/re-drive',
    '/dead-letters/{topic}/{partition}/{offset}',
    '/events',
    '/health/live',
    '/health/ready',
    '/metrics',
    '/transactions',
    '/transactions/{id}',
    '/transactions/{id}/events',
    '/transactions/{id}/history',
  ]);
});

test('the root links to the rest', async () => {
  await using served = await serve();
  const { links } = await bodyOf<{ links: Record<string, string> }>(await served.get('/'));
  for (const [name, path] of Object.entries(links)) {
    if (name !== 'events') assert.is((await served.get(path)).status, 200, path);
  }
});

test('a role without an API serves health and metrics, and counts what it is asked', async () => {
  const registry = new Registry();
  const metrics = httpMetrics(registry);
  const quiet = (): void => undefined;
  await using server = await HttpServer.listen({
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    metrics,
    limits: serverLimits,
    app: (closing) =>
      createOpsApp({
        auth: { mode: 'none' },
        checks: {},
        clock: systemClock,
        entropy: systemEntropy,
        metrics,
        closing,
        log: { debug: quiet, warn: quiet, error: quiet },
        exposition: registry,
        limits: { targetMaxChars: 2_048, healthCheckMaxMs: 100 },
      }),
  });
  assert.is((await fetch(`${server.url}/health/live`)).status, 200);
  assert.is((await fetch(`${server.url}/health/ready`)).status, 200);
  assert.is((await fetch(`${server.url}/transactions`)).status, 404);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  assert.match(text, 'verdict_http_request_duration_seconds_count{method="GET",route="/health/live",status="200"} 1');
  assert.match(text, 'verdict_http_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 1');
  assert.match(text, 'verdict_http_requests_in_flight 1');
});

test('an address that is taken is an error, not silence', async () => {
  await using served = await serve();
  const metrics = httpMetrics(new Registry());
  const taken = HttpServer.listen({
    host: '127.0.0.1',
    port: served.port,
    clock: systemClock,
    limits: serverLimits,
    metrics,
    app: () => new Koa().callback(),
  });
  const error: unknown = await taken.catch((reason: unknown) => reason);
  assert.match(String(error), 'EADDRINUSE');
});

test.run();
