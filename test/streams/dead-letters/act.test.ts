/** An operator puts letters back as they came, or is done with them, and may do everything twice. */
import * as assert from 'uvu/assert';

import type { EventLog } from '../../../src/platform/event-log/event-log.ts';
import { Failure } from '../../../src/platform/failure.ts';
import type { ActionReport } from '../../../src/streams/dead-letters/dead-letter-desk.ts';
import { openDesk, poisoned, topics } from '../../support/desk.ts';
import { act, dead, keys, onTopic, operator, outcomes } from '../../support/operator.ts';
import { suite } from '../../support/suite.ts';

const test = suite('dead letters: acting');

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

test.run();
