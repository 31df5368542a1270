/** Past its bound of requests in flight the front door refuses at once, before anything is touched; streams, health and metrics are not counted. */
import * as assert from 'uvu/assert';

import { parseClientId } from '../../src/transaction/ids.ts';
import type { KnownTransaction } from '../../src/transaction/states.ts';
import { EventReader } from '../support/event-reader.ts';
import type { Served } from '../support/served.ts';
import { debit, freshKey, problemOf, serve, validBody } from '../support/served.ts';
import { suite } from '../support/suite.ts';
import { within } from '../support/within.ts';

const test = suite('http: requests in flight');

/** A POST that waits for its decision, once it is being worked on. */
async function waiting(served: Served): Promise<{ readonly id: string; readonly answer: Promise<Response> }> {
  const before = await journalled(served);
  const answer = served.post(validBody(), { Prefer: 'wait=2' });
  await within(2_000, 'the waiting request', async () => (await journalled(served)) > before);
  const id = (await listed(served)).find(({ status }) => status === 'PENDING')?.opened.id ?? '';
  return { id, answer };
}

function isRefusal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'route' in value && value.route === 'refused';
}

function isStart({ what }: { readonly what: string }): boolean {
  return what === 'started';
}

async function journalled(served: Served): Promise<number> {
  return (await listed(served)).length;
}

async function listed(served: Served): Promise<readonly KnownTransaction[]> {
  const clientId = parseClientId('local');
  assert.ok(clientId);
  return served.api.list({ clientId, limit: 100 });
}

test('what comes past the bound is 503 with Retry-After and leaves nothing behind; the place comes back', async () => {
  await using served = await serve({ limits: { inFlightMax: 1 } });
  const { id, answer } = await waiting(served);
  const key = { 'Idempotency-Key': freshKey() };
  const refused = await served.post(validBody(), key);
  assert.is(refused.headers.get('retry-after'), '1');
  assert.equal([refused.status, (await problemOf(refused)).type], [503, 'unavailable']);
  for (const path of ['/transactions', `/transactions/${id}`, `/transactions/${id}/history`])
    assert.is((await served.get(path)).status, 503, path);
  assert.is(await journalled(served), 1);
  assert.equal(
    served.lines.filter(({ level }) => level !== 'debug'),
    [],
    'no line for each refusal',
  );
  served.api.decide(id, 'APPROVED');
  assert.is((await answer).status, 201);
  const again = await served.post(validBody(), key);
  assert.equal([again.status, again.headers.get('idempotency-replayed')], [201, null]);
});

test('those that wait for a decision take no place of those that are worked on', async () => {
  await using served = await serve({ limits: { inFlightMax: 2, workingMax: 1 } });
  const { id, answer } = await waiting(served);
  assert.is((await served.post()).status, 201);
  served.api.decide(id, 'APPROVED');
  assert.is((await answer).status, 201);
});

test('refusals come no faster than their rate, and every request gets one', async () => {
  await using served = await serve({ limits: { inFlightMax: 1, refusalsPerSecondMax: 100 } });
  const { id, answer } = await waiting(served);
  const began = performance.now();
  const refused = await Promise.all(Array.from({ length: 40 }, () => served.post()));
  const took = performance.now() - began;
  assert.equal(new Set(refused.map(({ status }) => status)), new Set([503]));
  assert.ok(took > 200, `40 refusals at 100 a second came within ${took} ms`);
  served.api.decide(id, 'APPROVED');
  assert.is((await answer).status, 201);
  const counted = served.counted.filter(({ what, value }) => what === 'ended' && isRefusal(value));
  assert.is(counted.length, 40);
});

test('a server that closes keeps no refusal back', async () => {
  const served = await serve({ limits: { inFlightMax: 1, refusalsPerSecondMax: 1 } });
  const { answer } = await waiting(served);
  const refused = Promise.all([served.post(), served.post(), served.post()]);
  await within(2_000, 'the refusals that are kept', () => served.counted.filter(isStart).length >= 4);
  await served[Symbol.asyncDispose]();
  assert.equal(
    (await refused).map(({ status }) => status),
    [503, 503, 503],
  );
  assert.is((await answer).status, 201);
});

test('a place is given back whatever became of the request', async () => {
  await using served = await serve({ limits: { inFlightMax: 1 } });
  assert.is((await served.post('{')).status, 400);
  assert.is((await served.get(`/transactions/${debit}`)).status, 404);
  served.api.failWith = new TypeError('a bug');
  assert.is((await served.post()).status, 500);
  assert.is((await served.post()).status, 201);
});

test('streams, health and metrics need no place, and take none', async () => {
  await using served = await serve({ limits: { inFlightMax: 1 } });
  const stream = await EventReader.open(`${served.url}/events`);
  const { id, answer } = await waiting(served);
  for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json'])
    assert.is((await served.get(path)).status, 200, path);
  const another = await EventReader.open(`${served.url}/transactions/${id}/events`);
  assert.is(another.status, 200);
  served.api.decide(id, 'REJECTED');
  assert.is((await answer).status, 201);
  for (const reader of [stream, another]) reader.leave();
});

test.run();
