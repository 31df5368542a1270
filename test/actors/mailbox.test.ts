import * as assert from 'uvu/assert';

import { Mailbox } from '../../src/actors/mailbox.ts';
import { Failure } from '../../src/platform/failure.ts';
import { codeOf } from '../support/code-of.ts';
import { suite } from '../support/suite.ts';

const test = suite('mailbox');

test('runs one piece of work at a time, in the order it was posted', async () => {
  const mailbox = new Mailbox(10);
  const log: string[] = [];
  const work = (name: string, turns: number) => async () => {
    log.push(`${name} begins`);
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    log.push(`${name} ends`);
    return name;
  };
  const replies = await Promise.all([
    mailbox.post(work('a', 9)),
    mailbox.post(work('b', 0)),
    mailbox.post(work('c', 3)),
  ]);
  assert.equal(replies, ['a', 'b', 'c']);
  assert.equal(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('refuses past its capacity and takes again when there is room', async () => {
  const mailbox = new Mailbox(2);
  const gate = Promise.withResolvers<void>();
  const first = mailbox.post(() => gate.promise);
  const second = mailbox.post(async () => 'second');
  assert.is(mailbox.size, 2);
  assert.is(await codeOf(mailbox.post(async () => 'third')), 'overloaded');
  gate.resolve();
  await first;
  assert.is(await second, 'second');
  assert.is(mailbox.size, 0);
  assert.is(await mailbox.post(async () => 'later'), 'later');
});

test('work that fails, even before it begins to wait, rejects its own reply and holds up nobody', async () => {
  const mailbox = new Mailbox(10);
  const failing = mailbox.post(() => {
    throw new Failure('database_unavailable', 'gone');
  });
  const next = mailbox.post(async () => 'next');
  assert.is(await codeOf(failing), 'database_unavailable');
  assert.is(await next, 'next');
});

test('work posted by the reply of the last piece still runs alone', async () => {
  const mailbox = new Mailbox(10);
  let running = 0;
  const alone = async (): Promise<void> => {
    running += 1;
    assert.is(running, 1);
    await Promise.resolve();
    running -= 1;
  };
  await mailbox.post(alone).then(() => Promise.all([mailbox.post(alone), mailbox.post(alone)]));
});

test('closed, it finishes what runs and rejects what has not begun, with the cause', async () => {
  const mailbox = new Mailbox(10);
  const gate = Promise.withResolvers<string>();
  const running = mailbox.post(() => gate.promise);
  const waiting = mailbox.post(async () => 'never');
  mailbox.close(new Failure('stopped', 'the end'));
  gate.resolve('done');
  assert.is(await running, 'done');
  assert.is(await codeOf(waiting), 'stopped');
  assert.is(await codeOf(mailbox.post(async () => 'never')), 'stopped');
});

test.run();
