/** An operator finds what was set aside, with everything that is known about it. */
import * as assert from 'uvu/assert';

import type { LetterPage } from '../../../src/streams/dead-letters/dead-letter-desk.ts';
import { openDesk, poisoned, topics } from '../../support/desk.ts';
import { act, allLetters, dead, keys, list } from '../../support/operator.ts';
import { suite } from '../../support/suite.ts';

const test = suite('dead letters: finding');

test('a letter tells its record as it came, where it came from and why', async () => {
  const { desk, log } = await openDesk();
  const headers = new Map([
    ['bytes', Buffer.from([0, 255])],
    ['__proto__', Buffer.from('x')],
  ]);
  const record = await poisoned(log, { value: Buffer.from([255, 0]), headers, cause: 'bad_headers', atMs: 1_234 });
  const found = await desk.read({ topic: dead, partition: 0, offset: 0n });
  assert.equal(found?.state, 'waiting');
  const { place, origin, cause, attempts, setAsideAtMs, key, value } = found?.letter ?? assertThere();
  assert.equal(place, { topic: dead, partition: 0, offset: 0n });
  assert.equal(origin, { topic: topics.transactions, partition: 1, offset: record.offset });
  assert.equal([cause, attempts, setAsideAtMs], ['bad_headers', 1, 1_234]);
  assert.equal([key, value], [record.key, record.value]);
  assert.equal(found?.letter.headers, headers);
  assert.is(await desk.read({ topic: dead, partition: 0, offset: 1n }), undefined);
  assert.is(await desk.read({ topic: dead, partition: 5, offset: 0n }), undefined);
  assert.is(await desk.read({ topic: 'elsewhere', partition: 0, offset: 0n }), undefined);
});

function assertThere(): never {
  throw new Error('the letter is not there');
}

test('letters are found by topic, cause, time, transaction and what became of them', async () => {
  const { desk, log } = await openDesk();
  await poisoned(log, { key: Buffer.from('a'), atMs: 1_000 });
  await poisoned(log, { key: Buffer.from('b'), atMs: 2_000, cause: 'tombstone', value: null });
  await poisoned(log, { key: Buffer.from('c'), atMs: 3_000, topic: topics.decisions });
  assert.equal(await keys(desk), ['a', 'b', 'c']);
  assert.equal(await keys(desk, { topic: topics.decisions }), ['c']);
  assert.equal(await keys(desk, { topic: dead }), ['a', 'b']);
  assert.equal(await keys(desk, { cause: 'tombstone' }), ['b']);
  assert.equal(await keys(desk, { since: 2_000 }), ['b', 'c']);
  assert.equal(await keys(desk, { transactionId: 'c' }), ['c']);
  await act(desk, { name: 'discard', letters: { topic: dead, partition: 0, offset: 0n } });
  assert.equal(await keys(desk, { state: 'waiting' }), ['b', 'c']);
  assert.equal(await keys(desk, { state: 'discarded' }), ['a']);
  assert.is(await desk.list({ ...allLetters, topic: 'elsewhere' }), 'unknown_topic');
  assert.is(await desk.list({ ...allLetters, cursor: '9.0.0.1' }), 'malformed_cursor');
});

test('pages neither skip nor repeat, across topics, and end where the looking began', async () => {
  const { desk, log } = await openDesk();
  for (const key of ['a', 'b', 'c', 'd']) await poisoned(log, { key: Buffer.from(key) });
  for (const key of ['e', 'f']) await poisoned(log, { key: Buffer.from(key), topic: topics.decisions });
  const seen: (readonly (string | undefined)[])[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page: LetterPage = await list(desk, { limit: 3, cursor });
    seen.push(page.found.map(({ letter }) => letter.key?.toString()));
    cursor = page.next;
    await poisoned(log, { key: Buffer.from('late'), topic: topics.decisions });
  }
  assert.equal(seen, [
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
  ]);
});

test('a letter that was set aside by something else is still a letter', async () => {
  const { desk, log } = await openDesk();
  await log.append(dead, [
    { key: null, value: null, headers: { 'verdict-dead-offset': 'x', 'verdict-dead-cause': '<b>' } },
  ]);
  const [found] = (await list(desk)).found;
  const { origin, cause, attempts } = found?.letter ?? assertThere();
  assert.equal(origin, { topic: topics.transactions, partition: undefined, offset: undefined });
  assert.equal([cause, attempts], ['unknown', 1]);
});

test.run();
