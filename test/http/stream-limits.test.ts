/** Streams have limits: seats per client and process, a socket that takes nothing is cut, nothing is read ahead, and closing ends all of them. */
import { once } from 'node:events';
import type { Socket } from 'node:net';

import * as assert from 'uvu/assert';

import { Failure } from '../../src/platform/failure.ts';
import { EventReader } from '../support/event-reader.ts';
import { journal } from '../support/memory-api.ts';
import type { Served } from '../support/served.ts';
import { bodyOf, problemOf, serve, stalledGet, validBody } from '../support/served.ts';
import { suite } from '../support/suite.ts';
import { within } from '../support/within.ts';

const test = suite('http: limits of streams');

function openStreams(served: Served): unknown {
  return served.counted.findLast(({ what }) => what === 'streams')?.value;
}

/** As many frames as asked for, so that the buffers between two sockets (some 6 MB each way) do not hold them all. */
async function longHistory(served: Served, entries: number): Promise<string> {
  const { transactionExternalId: id } = await bodyOf<{ transactionExternalId: string }>(await served.post());
  served.api.repeatLast(entries - 1);
  return id;
}

/** What has been buffered may still be read; then the connection must be over. */
async function readAll(socket: Socket): Promise<'cut'> {
  socket.resume();
  if (!socket.destroyed) await once(socket, 'close');
  return 'cut';
}

async function openMany(served: Served, count: number): Promise<readonly EventReader[]> {
  return Promise.all(Array.from({ length: count }, () => EventReader.open(`${served.url}/events`)));
}

test('a client past its seats is 429, a process past its seats 503; seats come back', async () => {
  await using served = await serve({ sse: { perClientMax: 2, perProcessMax: 9 } });
  const readers = await openMany(served, 2);
  const refused = await served.get('/events');
  assert.is(refused.headers.get('retry-after'), '5');
  assert.equal([refused.status, (await problemOf(refused)).type], [429, 'too-many-streams']);
  for (const reader of readers) reader.leave();
  await within(2_000, 'free seats', () => openStreams(served) === 0);
  const again = await EventReader.open(`${served.url}/events`);
  assert.is(again.status, 200);
  again.leave();
  await using full = await serve({ sse: { perProcessMax: 1 } });
  await openMany(full, 1);
  const exhausted = await full.get('/events');
  assert.equal([exhausted.status, (await problemOf(exhausted)).type], [503, 'streams-exhausted']);
});

test('a refused request takes no seat', async () => {
  await using served = await serve({ sse: { perClientMax: 1 } });
  assert.is((await served.get('/events?lastEventId=nonsense')).status, 400);
  assert.is((await served.get('/transactions/0b7e2f0a-7a6e-4a52-9d53-0c0d6ef3ad10/events')).status, 404);
  const reader = await EventReader.open(`${served.url}/events`);
  assert.is(reader.status, 200);
  reader.leave();
});

test('a client that reads nothing is not read for, and is cut in the end', async () => {
  await using served = await serve({ sse: { stalledMs: 400 } });
  const id = await longHistory(served, 100_000);
  const socket = stalledGet(served.port, `/events?transactionId=${id}&lastEventId=${journal}.0.0`);
  await within(15_000, 'the cut', () =>
    served.counted.some(({ what, value }) => what === 'cut' && value === 'stalled'),
  );
  const { batches } = served.api;
  assert.ok(batches < 900, `${batches} batches of 100 were taken for a client that reads nothing`);
  await within(2_000, 'a free seat', () => openStreams(served) === 0);
  assert.is(await readAll(socket), 'cut');
});

test('a client that reads slowly, but reads, gets everything', async () => {
  await using served = await serve({ sse: { stalledMs: 2_000 } });
  const id = await longHistory(served, 20_000);
  const reader = await EventReader.open(`${served.url}/events?transactionId=${id}&lastEventId=${journal}.0.0`);
  const frames = await reader.until(20_000);
  assert.is(new Set(frames.map((frame) => frame.id)).size, 20_000);
  reader.leave();
});

test('a failure in the middle ends the stream, which resumes', async () => {
  await using served = await serve();
  const reader = await (await EventReader.open(`${served.url}/events`)).greeted();
  served.api.failFollowers(new Failure('database_unavailable', 'gone'));
  await within(2_000, 'the end', () => reader.ended);
  assert.ok(served.lines.some(({ level, message }) => level === 'warn' && message === 'event stream failed'));
  await served.post();
  const again = await EventReader.open(`${served.url}/events`, { 'Last-Event-ID': reader.lastEventId });
  await again.until(1);
  again.leave();
});

test('a stream is a request until it ends, and its time is not told', async () => {
  await using served = await serve();
  const ends = (): readonly unknown[] => served.counted.flatMap(({ what, value }) => (what === 'ended' ? [value] : []));
  const [reader] = await openMany(served, 1);
  await reader?.greeted();
  assert.equal(ends(), []);
  reader?.leave();
  await within(2_000, 'its end', () => ends().length > 0);
  assert.equal(ends(), [{ method: 'GET', route: '/events', status: 200, seconds: undefined }]);
  const [line] = served.lines.filter(({ message }) => message === 'request');
  assert.is(line?.level, 'debug');
  assert.is(openStreams(served), 0);
});

test('clients that leave are no errors', async () => {
  await using served = await serve();
  const readers = await openMany(served, 5);
  for (const reader of readers) reader.leave();
  await within(2_000, 'free seats', () => openStreams(served) === 0);
  assert.equal(
    served.lines.filter(({ level }) => level !== 'debug'),
    [],
  );
});

test('thirty streams at once raise no warning, and closing ends them all, waits too', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): number => warnings.push(warning);
  process.on('warning', note);
  const served = await serve({ sse: { perClientMax: 50, perProcessMax: 50 } });
  const readers = await openMany(served, 30);
  const waiting = served.post(validBody(), { Prefer: 'wait=2' });
  await within(2_000, 'the transaction', async () => (await served.api.now()).position > 0n);
  const startedAt = performance.now();
  await served[Symbol.asyncDispose]();
  assert.ok(performance.now() - startedAt < 1_500, 'closing waits for nobody who only listens');
  await within(2_000, 'all ends', () => readers.every(({ ended }) => ended));
  assert.is((await waiting).status, 201);
  await new Promise((resolve) => process.nextTick(resolve));
  process.off('warning', note);
  assert.equal(warnings, []);
});

test.run();
