/** Every refusal is a problem of the table, whoever makes it: routes, guard, parser or a fault inside. */
import { once } from 'node:events';
import { connect } from 'node:net';

import * as assert from 'uvu/assert';

import { problemTable } from '../../src/http/middleware/problems.ts';
import { Failure } from '../../src/platform/failure.ts';
import type { Served } from '../support/served.ts';
import { bodyOf, debit, exchange, freshKey, problemOf, serve, stalledGet, validBody } from '../support/served.ts';
import { suite } from '../support/suite.ts';
import { within } from '../support/within.ts';

const test = suite('http: problems');
let served: Served;
test.before(async () => {
  served = await serve();
});
test.after(() => served[Symbol.asyncDispose]());

/** The status line's number and the type of the problem in its body. */
async function raw(...lines: readonly string[]): Promise<readonly [status: number, type: string]> {
  return read(await exchange(served.port, [...lines, '', ''].join('\r\n')));
}

function read(answer: string): readonly [status: number, type: string] {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const problem: { type: string; status: number } = JSON.parse(body);
  assert.match(head, /^content-type: application\/problem\+json/im);
  assert.is(head.split(' ')[1], String(problem.status));
  return [problem.status, problem.type.replace('urn:verdict:problem:', '')];
}

test('each type stands once, with a status that is an error', () => {
  const titles = Object.values(problemTable).map(({ title }) => title);
  assert.is(new Set(titles).size, titles.length);
  assert.ok(Object.values(problemTable).every(({ status }) => status >= 400));
});

test('unknown paths are 404, unknown ids too', async () => {
  assert.equal(await typeOf('/nowhere'), [404, 'not-found']);
  assert.equal(await typeOf('/transactions/not-an-id'), [404, 'transaction-not-found']);
  assert.equal(await typeOf('/transactions/%ff'), [404, 'transaction-not-found']);
  assert.equal(await typeOf(`/transactions/${debit}`), [404, 'transaction-not-found']);
  assert.equal(await typeOf(`/transactions/${debit}/history`), [404, 'transaction-not-found']);
  assert.equal(await typeOf(`/transactions/${debit}/events`), [404, 'transaction-not-found']);
});

async function typeOf(path: string): Promise<readonly [number, string]> {
  const { status, type } = await problemOf(await served.get(path));
  return [status, type];
}

test('another method is 405 with Allow, OPTIONS says what is allowed, HEAD answers without a body', async () => {
  const put = await fetch(`${served.url}/transactions`, { method: 'PUT', body: '{}' });
  assert.is(put.status, 405);
  for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) assert.match(put.headers.get('allow') ?? '', method);
  assert.is((await problemOf(put)).type, 'method-not-allowed');
  const options = await fetch(`${served.url}/events`, { method: 'OPTIONS' });
  assert.is(options.status, 204);
  assert.match(options.headers.get('allow') ?? '', 'GET');
  const head = await fetch(`${served.url}/events`, { method: 'HEAD' });
  assert.equal(
    [head.status, head.headers.get('content-type'), await head.text()],
    [200, 'text/event-stream; charset=utf-8', ''],
  );
  const open = served.counted.findLast(({ what }) => what === 'streams');
  assert.is(open?.value, 0, 'HEAD opens no stream');
  assert.equal(await raw('TRACE /transactions HTTP/1.1', 'Host: a', 'Connection: close'), [405, 'method-not-allowed']);
});

const get = 'GET /health/live HTTP/1.1';
test('headers that could be read in two ways are 400', async () => {
  const close = 'Connection: close';
  assert.equal(await raw(get, 'Host: a', 'Host: b', close), [400, 'header-repeated']);
  assert.equal(await raw(get, close), [400, 'host-invalid']);
  assert.equal(await raw(get, 'Host: a:x@evil', close), [400, 'host-invalid']);
  assert.equal(await raw(get, 'Host: a/b', close), [400, 'host-invalid']);
  const keys = [`Idempotency-Key: ${freshKey()}`, `idempotency-key: ${freshKey()}`];
  assert.equal(await raw('POST /transactions HTTP/1.1', 'Host: a', ...keys, close), [400, 'idempotency-key-repeated']);
  for (const host of ['localhost', 'a.b-c.example:3000', '127.0.0.1:1', '[::1]:3000']) {
    assert.match(await exchange(served.port, `${get}\r\nHost: ${host}\r\n${close}\r\n\r\n`), 'HTTP/1.1 200');
  }
  assert.match(await exchange(served.port, 'GET /health/live HTTP/1.0\r\n\r\n'), 'HTTP/1.1 200');
});

test('what is no HTTP gets a problem on the bare socket', async () => {
  assert.equal(await raw('NONSENSE'), [400, 'malformed-request']);
  assert.equal(await raw(get, 'Host: a', 'bad header line'), [400, 'malformed-request']);
  assert.equal(await raw(get, 'Host: a', 'Content-Length: 1', 'Transfer-Encoding: chunked'), [
    400,
    'malformed-request',
  ]);
  assert.equal(await raw(get, 'Host: a', `X-Long: ${'x'.repeat(300_000)}`), [431, 'headers-too-large']);
  assert.equal(await raw(`GET /${'x'.repeat(300_000)} HTTP/1.1`, 'Host: a'), [414, 'target-too-long']);
  assert.equal(await raw(`GET /${'x'.repeat(10_000)} HTTP/1.1`, 'Host: a'), [414, 'target-too-long']);
  const expecting = ['Expect: wonders', 'Connection: close'];
  assert.equal(await raw('POST /transactions HTTP/1.1', 'Host: a', ...expecting), [417, 'expectation-failed']);
  const counted = served.counted.filter(({ what }) => what === 'parser error').map(({ value }) => value);
  assert.ok(counted.includes('HPE_HEADER_OVERFLOW'));
});

test('headers and bodies that do not arrive are 408', async () => {
  const slowHeaders = exchange(served.port, `${get}\r\nHost: a\r\n`);
  const slowBody = exchange(
    served.port,
    `POST /transactions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nIdempotency-Key: ${freshKey()}\r\nContent-Length: 10\r\n\r\n{`,
  );
  assert.equal(read(await slowHeaders), [408, 'request-timeout']);
  assert.equal(read(await slowBody), [408, 'request-timeout']);
});

test('a request that comes after its 408 is not carried out', async () => {
  const socket = connect(served.port, '127.0.0.1');
  const [refusal] = (await once(socket, 'data')) as [Buffer];
  assert.is(read(refusal.toString())[0], 408);
  const key = freshKey();
  const body = JSON.stringify(validBody());
  socket.write(
    [
      ...['POST /transactions HTTP/1.1', 'Host: a', 'Content-Type: application/json', `Idempotency-Key: ${key}`],
      ...[`Content-Length: ${Buffer.byteLength(body)}`, '', body],
    ].join('\r\n'),
  );
  await once(socket.resume(), 'close');
  const response = await served.post(validBody(), { 'Idempotency-Key': key });
  assert.is(response.status, 201);
  assert.is(response.headers.get('idempotency-replayed'), null);
});

test('a second request that is no HTTP does not break into an answer that has begun', async () => {
  const socket = stalledGet(served.port, '/events');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  socket.resume();
  await within(2_000, 'the greeting', () => answer.includes('retry:'));
  socket.write('NONSENSE\r\n\r\n');
  await once(socket, 'close');
  assert.not.match(answer, 'HTTP/1.1 400');
});

test('a failure that may pass is 503 with Retry-After and nothing of its cause', async () => {
  served.api.failWith = new Failure('database_unavailable', `secret ${debit}`);
  const response = await served.post();
  assert.is(response.headers.get('retry-after'), '1');
  const text = await response.clone().text();
  assert.is((await problemOf(response)).type, 'unavailable');
  assert.not.match(text, 'secret');
  assert.not.match(JSON.stringify(served.lines), debit);
});

test('a failed request does not use up its key', async () => {
  const key = { 'Idempotency-Key': freshKey() };
  served.api.failWith = new Failure('overloaded', 'later');
  assert.is((await served.post(validBody(), key)).status, 503);
  const again = await served.post(validBody(), key);
  assert.equal([again.status, again.headers.get('idempotency-replayed')], [201, null]);
});

test('a bug is 500 without any detail, and one line in the log', async () => {
  const before = served.lines.filter(({ level }) => level === 'error').length;
  served.api.failWith = new TypeError('a private matter');
  const response = await served.post();
  const text = await response.clone().text();
  assert.equal([response.status, (await problemOf(response)).type], [500, 'internal']);
  assert.not.match(text, 'private');
  assert.is(served.lines.filter(({ level }) => level === 'error').length, before + 1);
  served.api.failWith = new Failure('database_refused', 'a private matter');
  assert.is((await served.post()).status, 500);
});

test('requests carry an id through: the caller’s where it is harmless', async () => {
  const own = await served.get('/nowhere', { 'X-Request-Id': 'abc-123' });
  assert.equal(
    [own.headers.get('x-request-id'), (await bodyOf<{ requestId: string }>(own)).requestId],
    ['abc-123', 'abc-123'],
  );
  const wild = await served.get('/nowhere', { 'X-Request-Id': '<script>' });
  assert.match(wild.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
});

test('access lines and metrics name routes, never what was asked', async () => {
  await served.get(`/transactions/${debit}?account=${debit}`);
  await within(1_000, 'the line', () =>
    served.lines.some(({ fields }) => JSON.stringify(fields).includes('"/transactions/:id"')),
  );
  assert.not.match(JSON.stringify(served.lines), debit);
  assert.not.match(JSON.stringify(served.counted), debit);
  const starts = served.counted.filter(({ what }) => what === 'started').length;
  await within(1_000, 'as many ends', () => served.counted.filter(({ what }) => what === 'ended').length === starts);
});

test.run();
