/** Streams over HTTP: exact frames, resuming without a gap or a repeat, filters, one transaction's stream that ends, and refusals of ids that lead nowhere. */
import * as assert from 'uvu/assert';

import { EventReader } from '../support/event-reader.ts';
import { journal } from '../support/memory-api.ts';
import type { Served } from '../support/served.ts';
import { credit, debit, problemOf, serve, validBody } from '../support/served.ts';
import { suite } from '../support/suite.ts';
import { within } from '../support/within.ts';

const test = suite('http: event streams');
let served: Served;
test.beforeEach(async () => {
  served = await serve();
});
test.afterEach(() => served[Symbol.asyncDispose]());

async function opened(changes: object = {}): Promise<{ id: string; bytes: string }> {
  const bytes = await (await served.post(validBody(changes))).text();
  const { transactionExternalId: id }: { transactionExternalId: string } = JSON.parse(bytes);
  return { id, bytes };
}

async function follow(path = '/events', headers: Record<string, string> = {}): Promise<EventReader> {
  const reader = await EventReader.open(`${served.url}${path}`, headers);
  return reader.status === 200 ? reader.greeted() : reader;
}

test('greets with retry and its position, then tells each transition exactly as GET does', async () => {
  await opened();
  const reader = await follow();
  const { headers } = reader.response ?? new Response();
  assert.is(headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.is(headers.get('cache-control'), 'no-store');
  assert.is(headers.get('x-accel-buffering'), 'no');
  assert.match(reader.text, /^retry: (1\d{3}|2000)\n\nid: memoryjourna\.1\.1\n\n$/);
  const { id, bytes } = await opened();
  await reader.until(1);
  served.api.decide(id, 'REJECTED');
  await reader.until(2);
  const settled = await (await served.get(`/transactions/${id}`)).text();
  assert.match(
    reader.text,
    `\n\nid: memoryjourna.2.2\nevent: transaction.opened\ndata: ${bytes}\n\n` +
      `id: memoryjourna.3.3\nevent: transaction.rejected\ndata: ${settled}\n\n`,
  );
  assert.is(reader.frames.length, 2, 'what was before the start is not told');
  reader.leave();
});

test('resumes after the last id, by header or query, without a gap or a repeat', async () => {
  const first = await follow();
  const one = await opened();
  await first.until(1);
  first.leave();
  served.api.decide(one.id, 'APPROVED');
  const two = await opened();
  for (const [path, headers] of [
    ['/events', { 'Last-Event-ID': first.lastEventId }],
    [`/events?lastEventId=${first.lastEventId}`, {}],
    [`/events?lastEventId=${journal}.0.0`, { 'Last-Event-ID': first.lastEventId }],
  ] as const) {
    const again = await follow(path, headers);
    await again.until(2);
    assert.equal(again.said, ['transaction.approved APPROVED', 'transaction.opened PENDING']);
    assert.equal(again.frames[1]?.data, two.bytes);
    again.leave();
  }
});

test('an id that leads nowhere is 400, never a start at the end', async () => {
  for (const [id, type] of [
    ['nonsense', 'malformed'],
    ['', 'malformed'],
    [`${journal}.0.0 `.repeat(20), 'malformed'],
    ['otherjournal.0.0', 'foreign'],
    [`${journal}.zz.zz`, 'future'],
  ]) {
    const query = `?lastEventId=${encodeURIComponent(id ?? '')}`;
    const { status, type: told } = await problemOf(await served.get(`/events${query}`));
    assert.is(status, 400);
    assert.ok([`last-event-id-${type}`, 'invalid-query'].includes(told), told);
  }
  const { id } = await opened();
  served.api.decide(id, 'APPROVED');
  const unknown = await served.get('/events', { 'Last-Event-ID': `${journal}.1.0` });
  assert.is((await problemOf(unknown)).type, 'last-event-id-unknown');
});

test('an id from before what was pruned is refused, the last pruned one and later ones are not', async () => {
  for (const _ of [1, 2, 3]) await opened();
  served.api.prunedUpTo = { xid: 2n, position: 2n };
  const { id } = await opened();
  for (const path of ['/events', `/transactions/${id}/events`]) {
    const refused = await served.get(path, { 'Last-Event-ID': `${journal}.1.1` });
    assert.equal([refused.status, (await problemOf(refused)).type], [400, 'last-event-id-pruned'], path);
  }
  const reader = await follow('/events', { 'Last-Event-ID': `${journal}.2.2` });
  await reader.until(2);
  reader.leave();
});

test('filters by status, account and transaction', async () => {
  const other = '7d444840-9dc0-11d1-b245-5ffdce74fad2';
  const terminal = await follow('/events?status=APPROVED,REJECTED');
  const account = await follow(`/events?account=${other.toUpperCase()}`);
  const mine = await opened();
  const one = await follow(`/events?transactionId=${mine.id}&lastEventId=${journal}.0.0`);
  const theirs = await opened({ accountExternalIdCredit: other });
  served.api.decide(mine.id, 'APPROVED');
  served.api.decide(theirs.id, 'REJECTED');
  const [approved, rejected] = ['transaction.approved APPROVED', 'transaction.rejected REJECTED'];
  await Promise.all([terminal.until(2), account.until(2), one.until(2)]);
  assert.equal(terminal.said, [approved, rejected]);
  assert.equal(account.said, ['transaction.opened PENDING', rejected]);
  assert.equal(one.said, ['transaction.opened PENDING', approved]);
  for (const reader of [terminal, account, one]) reader.leave();
});

test('unknown filters and values are 400', async () => {
  const queries = [
    'stat=PENDING',
    'status=pending',
    'status=',
    'status=PENDING,',
    'account=me',
    'transactionId=1',
    'account=a&account=b',
  ];
  for (const query of queries) {
    assert.is((await problemOf(await served.get(`/events?${query}`))).type, 'invalid-query', query);
  }
  assert.is((await problemOf(await served.get(`/transactions/${debit}/events?status=PENDING`))).type, 'invalid-query');
});

test('a superseded decision is told to nobody and moves the position', async () => {
  await served[Symbol.asyncDispose]();
  served = await serve({ sse: { heartbeatMs: 30 } });
  const reader = await follow();
  const { id } = await opened();
  served.api.decide(id, 'REJECTED', 'DEADLINE');
  served.api.decide(id, 'APPROVED');
  await within(2_000, 'the position of the late decision', () => reader.lastEventId === `${journal}.3.3`);
  assert.equal(reader.said, ['transaction.opened PENDING', 'transaction.rejected REJECTED']);
  assert.match(reader.text, '\n\n: heartbeat\n\n');
  const count = reader.text.split('id: memoryjourna.3.3\n\n').length - 1;
  const beats = reader.text.split(': heartbeat').length;
  await within(2_000, 'more heartbeats', () => reader.text.split(': heartbeat').length > beats + 2);
  assert.is(reader.text.split('id: memoryjourna.3.3\n\n').length - 1, count, 'a position is not repeated');
  reader.leave();
});

test('one transaction’s stream starts with its history and ends after the terminal frame', async () => {
  const { id } = await opened();
  const early = await EventReader.open(`${served.url}/transactions/${id}/events`);
  await early.until(1);
  await opened();
  served.api.decide(id, 'APPROVED');
  await within(2_000, 'the end', () => early.ended);
  const told = ['transaction.opened PENDING', 'transaction.approved APPROVED'];
  assert.equal(early.said, told);
  const late = await EventReader.open(`${served.url}/transactions/${id}/events`);
  await within(2_000, 'the end', () => late.ended);
  assert.equal(late.said, told);
  const resumed = await EventReader.open(`${served.url}/transactions/${id}/events`, {
    'Last-Event-ID': early.frames[0]?.id ?? '',
  });
  await within(2_000, 'the end', () => resumed.ended);
  assert.equal(resumed.said, told.slice(1));
  assert.equal(
    [...resumed.text.matchAll(/^id: (.*)$/gm)].map(([, told]) => told),
    [early.frames[0]?.id, early.frames[1]?.id],
    'no id stands before what it covers',
  );
  const over = await EventReader.open(`${served.url}/transactions/${id}/events`, {
    'Last-Event-ID': early.lastEventId,
  });
  assert.is(over.status, 204);
});

test('one transaction’s stream brings nothing of before its position, and 204 once a late decision is all that follows', async () => {
  const { id } = await opened();
  const pending = await EventReader.open(`${served.url}/transactions/${id}/events`);
  await pending.until(1);
  pending.leave();
  const again = await follow(`/transactions/${id}/events`, { 'Last-Event-ID': pending.lastEventId });
  served.api.decide(id, 'REJECTED', 'DEADLINE');
  await within(2_000, 'the end', () => again.ended);
  assert.equal(again.said, ['transaction.rejected REJECTED']);
  served.api.decide(id, 'APPROVED');
  const over = await EventReader.open(`${served.url}/transactions/${id}/events`, {
    'Last-Event-ID': again.lastEventId,
  });
  assert.is(over.status, 204);
});

test('frames hold no account', async () => {
  const reader = await follow();
  await opened();
  await reader.until(1);
  assert.not.match(reader.text, debit);
  assert.not.match(reader.text, credit);
  reader.leave();
});

test.run();
