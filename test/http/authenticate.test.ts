/** Keys open what their scopes say, for their own client only; a wrong secret and an unknown id look the same. */
import { randomBytes } from 'node:crypto';

import * as assert from 'uvu/assert';

import type { ApiKeyEntry } from '../../src/http/api-keys.ts';
import { formatApiKey, hashSecret } from '../../src/http/api-keys.ts';
import type { Scope } from '../../src/http/context.ts';
import { EventReader } from '../support/event-reader.ts';
import type { Served } from '../support/served.ts';
import { bodyOf, freshKey, problemOf, serve, validBody } from '../support/served.ts';
import { suite } from '../support/suite.ts';

const test = suite('http: authentication');

const pepper = 'a pepper of more than 32 characters';
const all: readonly Scope[] = ['transactions:write', 'transactions:read', 'events:read'];

function makeKey(id: string, client: string, scopes: readonly Scope[]): { key: string; entry: ApiKeyEntry } {
  const secret = randomBytes(32);
  const hash = hashSecret(pepper, secret.toString('base64url'));
  return { key: formatApiKey(id, secret), entry: { id, client, hash, scopes } };
}

const acme = makeKey('acme-key_1', 'acme', all);
const rival = makeKey('rival1', 'rival', all);
const reader = makeKey('reader', 'acme', ['transactions:read']);
const operator = makeKey('operator', 'ops', ['ops']);
const keys = [acme, rival, reader, operator].map(({ entry }) => entry);

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

let served: Served;
test.before(async () => {
  served = await serve({ auth: { mode: 'api-keys', keys, pepper } });
});
test.after(() => served[Symbol.asyncDispose]());

async function openedBy(key: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await served.post(validBody(), { ...bearer(key), ...headers });
  assert.is(response.status, 201);
  return (await bodyOf<{ transactionExternalId: string }>(response)).transactionExternalId;
}

test('a key opens by either header', async () => {
  assert.is((await served.get('/transactions', bearer(acme.key))).status, 200);
  assert.is((await served.get('/transactions', { Authorization: `bearer  ${acme.key}` })).status, 200);
  assert.is((await served.get('/transactions', { 'X-API-Key': acme.key })).status, 200);
});

test('no key, and a key that is none, are 401 with a challenge', async () => {
  const none = await served.get('/transactions');
  assert.is(none.headers.get('www-authenticate'), 'Bearer realm="verdict"');
  assert.is((await problemOf(none)).type, 'unauthenticated');
  const wrongSecret = formatApiKey('acme-key_1', randomBytes(32));
  const unknownId = formatApiKey('nobody', randomBytes(32));
  const answers = new Set<string>();
  for (const key of [wrongSecret, unknownId, 'nonsense', '', `${acme.key}x`, acme.key.toUpperCase()]) {
    const response = await served.get('/transactions', { ...bearer(key), 'X-Request-Id': 'same' });
    assert.is(response.status, 401);
    assert.is(response.headers.get('www-authenticate'), 'Bearer realm="verdict", error="invalid_token"');
    answers.add(await response.text());
  }
  assert.is(answers.size, 1);
  const both = await served.get('/transactions', { ...bearer(wrongSecret), 'X-API-Key': acme.key });
  assert.is(both.status, 401);
});

test('a missing scope is 403 and named', async () => {
  for (const [response, scope] of [
    [await served.post(validBody(), bearer(reader.key)), 'transactions:write'],
    [await served.get('/events', bearer(reader.key)), 'events:read'],
    [await served.get('/metrics', bearer(reader.key)), 'ops'],
    [await served.get('/transactions', bearer(operator.key)), 'transactions:read'],
  ] as const) {
    assert.match(response.headers.get('www-authenticate') ?? '', `scope="${scope}"`);
    assert.equal((await problemOf(response)).type, 'scope-missing');
  }
  assert.is((await served.get('/metrics', bearer(operator.key))).status, 200);
});

test('health, the document and the links are open', async () => {
  for (const path of ['/health/live', '/health/ready', '/openapi.json', '/']) {
    assert.is((await served.get(path)).status, 200, path);
  }
});

test('another client’s transaction is not there', async () => {
  const id = await openedBy(acme.key);
  for (const path of ['', '/history', '/events']) {
    const response = await served.get(`/transactions/${id}${path}`, bearer(rival.key));
    assert.equal([response.status, (await problemOf(response)).type], [404, 'transaction-not-found']);
  }
  const list = await (await served.get('/transactions', bearer(rival.key))).text();
  assert.is(list, '{"items":[],"next":null}');
  assert.is((await served.get(`/transactions/${id}`, bearer(reader.key))).status, 200, 'keys of one client share');
});

test('keys for idempotency belong to one client', async () => {
  const key = { 'Idempotency-Key': freshKey() };
  const mine = await openedBy(acme.key, key);
  const theirs = await openedBy(rival.key, key);
  assert.is.not(mine, theirs);
});

test('a stream shows nothing of another client', async () => {
  const mine = await EventReader.open(`${served.url}/events`, bearer(acme.key));
  const theirs = await EventReader.open(`${served.url}/events`, bearer(rival.key));
  await Promise.all([mine.greeted(), theirs.greeted()]);
  const id = await openedBy(acme.key);
  const other = await openedBy(rival.key);
  await Promise.all([mine.until(1), theirs.until(1)]);
  assert.match(mine.text, id);
  assert.not.match(mine.text, other);
  assert.match(theirs.text, other);
  assert.not.match(theirs.text, id);
  const spying = await EventReader.open(
    `${served.url}/events?transactionId=${id}&lastEventId=memoryjourna.0.0`,
    bearer(rival.key),
  );
  await spying.greeted();
  await openedBy(rival.key);
  await theirs.until(2);
  assert.equal(spying.frames, []);
  for (const stream of [mine, theirs, spying]) stream.leave();
});

test('no secret is logged', () => {
  const lines = JSON.stringify(served.lines);
  assert.not.match(lines, acme.key.slice(-43));
  assert.not.match(lines, pepper);
});

test.run();
