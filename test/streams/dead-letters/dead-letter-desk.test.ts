/** An operator finds what was set aside, puts it back as it came, and may do everything twice. */
import * as assert from 'uvu/assert';

import type { EventLog, LogRecord } from '../../../src/platform/event-log/event-log.ts';
import { Failure } from '../../../src/platform/failure.ts';
import { parseClientId } from '../../../src/transaction/ids.ts';
import type {
  ActionReport,
  ActionRequest,
  DeadLetterDesk,
  LetterPage,
  LetterQuery,
} from '../../../src/streams/dead-letters/dead-letter-desk.ts';
import { openDesk, poisoned, topics } from '../../support/desk.ts';
import { suite } from '../../support/suite.ts';

const test = suite('dead-letter desk');

const clientId = parseClientId('acme');
if (clientId === undefined) throw new Error('acme is a client');
const operator = { keyId: 'ops-1', clientId };
const dead = `${topics.transactions}.dead`;
const allLetters: LetterQuery = { limit: 100 };

async function list(desk: DeadLetterDesk, query: Partial<LetterQuery> = {}): Promise<LetterPage> {
  const page = await desk.list({ ...allLetters, ...query });
  if (typeof page === 'string') throw new Error(page);
  return page;
}

async function keys(desk: DeadLetterDesk, query: Partial<LetterQuery> = {}): Promise<readonly (string | undefined)[]> {
  return (await list(desk, query)).found.map(({ letter }) => letter.key?.toString());
}

async function act(desk: DeadLetterDesk, request: Partial<ActionRequest> = {}): Promise<ActionReport> {
  const whole = { name: 're-drive', operator, letters: allLetters, force: false, dryRun: false } as const;
  const report = await desk.act({ ...whole, ...request });
  if (report === undefined || typeof report === 'string') throw new Error(report ?? 'not there');
  return report;
}

function outcomes({ letters }: ActionReport): readonly string[] {
  return letters.map(({ outcome, reason }) => (reason === undefined ? outcome : `${outcome}: ${reason}`));
}

async function onTopic(log: EventLog, topic: string): Promise<readonly LogRecord[]> {
  const pages = await Promise.all([0, 1].map((partition) => log.read({ topic, partition, from: 0n, limit: 1_000 })));
  return pages.flatMap(({ records }) => records);
}

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

test('a re-drive puts the record back as it came, and a second one passes over it unless it is forced', async () => {
  const { desk, log, actions } = await openDesk();
  const record = await poisoned(log);
  assert.equal(outcomes(await act(desk)), ['done']);
  const [back, ...others] = await onTopic(log, topics.transactions);
  assert.equal([back?.key, back?.value, back?.headers], [record.key, record.value, record.headers]);
  assert.is(others.length, 0);
  assert.equal(outcomes(await act(desk)), ['skipped: already_re_driven']);
  assert.equal(outcomes(await act(desk, { name: 'discard' })), ['skipped: already_re_driven']);
  assert.is((await onTopic(log, topics.transactions)).length, 1);
  assert.equal(outcomes(await act(desk, { force: true })), ['done']);
  assert.is((await onTopic(log, topics.transactions)).length, 2);
  const written = actions.all.map(({ name, outcome, operator: who, letter }) => [name, outcome, who, letter.offset]);
  assert.equal(written, [
    ['re-drive', 'done', operator, 0n],
    ['re-drive', 'done', operator, 0n],
  ]);
});

test('a dry run says what would be done and does nothing', async () => {
  const { desk, log, actions } = await openDesk();
  await poisoned(log);
  await poisoned(log);
  await act(desk, { name: 'discard', letters: { topic: dead, partition: 0, offset: 0n } });
  const before = actions.all.length;
  assert.equal(outcomes(await act(desk, { dryRun: true })), ['skipped: already_discarded', 'planned']);
  assert.is(actions.all.length, before);
  assert.is((await onTopic(log, topics.transactions)).length, 0);
});

test('a walk through all letters, step by step, does not meet what it put back itself', async () => {
  const { desk, log } = await openDesk();
  for (let count = 0; count < 5; count += 1) await poisoned(log);
  let done = 0;
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const report: ActionReport = await act(desk, { letters: { limit: 2, cursor } });
    done += report.letters.length;
    cursor = report.next;
    // Nobody has mended the cause.
    for (const _ of report.letters) await poisoned(log);
  }
  assert.is(done, 5);
});

test('a letter that lies where another lay before the log was wiped is another letter', async () => {
  const first = await openDesk();
  await poisoned(first.log, { value: Buffer.from('one') });
  await act(first.desk);
  const second = await openDesk({ actions: first.actions });
  await poisoned(second.log, { value: Buffer.from('other') });
  assert.equal(await keys(second.desk, { state: 're-driven' }), []);
  assert.equal(outcomes(await act(second.desk)), ['done']);
});

test('a log that is away leaves the action begun, and the next try does it', async () => {
  let away = true;
  const around = (log: EventLog): EventLog =>
    Object.assign(Object.create(log), {
      append: async (topic: string, records: Parameters<EventLog['append']>[1]) => {
        if (away) throw new Failure('event_log_unavailable', 'away');
        await log.append(topic, records);
      },
      ends: (topic: string) => log.ends(topic),
      read: (options: Parameters<EventLog['read']>[0]) => log.read(options),
    });
  const { desk, log, actions } = await openDesk({ around });
  await poisoned(log);
  const failure = await act(desk).catch((error: unknown) => error);
  assert.is(failure instanceof Failure && failure.code, 'event_log_unavailable');
  assert.equal(
    actions.all.map(({ outcome }) => outcome),
    ['begun'],
  );
  away = false;
  assert.equal(outcomes(await act(desk)), ['done']);
});

test('what the log refuses for good fails alone, and a value that is lost is not put back', async () => {
  const append =
    (log: EventLog): EventLog['append'] =>
    async (topic, records) => {
      if (records.some(({ key }) => key?.toString() === 'huge')) throw new Failure('event_log_refused', 'too large');
      await log.append(topic, records);
    };
  const around = (log: EventLog) => ({
    append: append(log),
    ends: (topic: string) => log.ends(topic),
    read: (options: Parameters<EventLog['read']>[0]) => log.read(options),
  });
  const { desk, log, actions } = await openDesk({ around });
  await poisoned(log);
  await poisoned(log, { key: Buffer.from('huge') });
  await poisoned(log, { headers: new Map([['verdict-dead-value-bytes', Buffer.from('1048577')]]), value: null });
  const report = await act(desk);
  assert.equal(outcomes(report), ['done', 'failed: refused', 'skipped: value_lost']);
  assert.equal(
    actions.all.map(({ outcome }) => outcome),
    ['done', 'failed'],
  );
  assert.is((await onTopic(log, topics.transactions)).length, 1);
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
