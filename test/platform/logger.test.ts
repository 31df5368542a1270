/** One line per event, and neither secrets nor account ids in any. */
import * as assert from 'uvu/assert';

import { Failure } from '../../src/platform/failure.ts';
import type { Log, LoggerOptions } from '../../src/platform/logger.ts';
import { logLineOf, openLogger } from '../../src/platform/logger.ts';
import { suite } from '../support/suite.ts';

const test = suite('logger');
const accountId = '0c2d0bb4-8b4d-4d0e-8f6f-0d6f3d6f9a11';

function open(level: LoggerOptions['level'] = 'info'): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const log = openLogger({ level, role: 'relay', destination: { write: (line) => lines.push(line) } });
  return { log, lines };
}

test('an event is one line that says when, how bad, which role, and what', () => {
  const { log, lines } = open();
  log.info({ port: 3000 }, 'listening');
  assert.is(lines.length, 1);
  const line = JSON.parse(lines[0] ?? '');
  assert.equal([line.level, line.role, line.port, line.message], ['info', 'relay', 3000, 'listening']);
  assert.ok(!Number.isNaN(Date.parse(line.time)));
});

test('what is below the level is not written', () => {
  const { log, lines } = open('warn');
  log.info({}, 'quiet');
  logLineOf(log)('debug', {}, 'quiet');
  logLineOf(log)('warn', {}, 'loud');
  assert.is(lines.length, 1);
});

test('fields that may hold secrets or account ids are hidden, at any usual depth', () => {
  const { log, lines } = open();
  log.warn(
    {
      debitAccountId: accountId,
      request: { body: accountId, headers: { authorization: 'hunter2' } },
      pepper: 'hunter2',
    },
    'told',
  );
  assert.not.match(lines.join(), /hunter2|0c2d0bb4/);
  assert.match(lines.join(), /\[hidden\]/);
});

test('of an error only what is harmless is kept', () => {
  const { log, lines } = open();
  const fromDriver = Object.assign(new Error(`duplicate key: insert … '${accountId}'`), {
    code: '23505',
    detail: `Key (account)=(${accountId})`,
    command: { name: 'set', args: ['hunter2'] },
  });
  const refused = new Error('connect postgres://verdict:hunter2@db:5432/verdict', { cause: fromDriver });
  log.error({ error: new Failure('database_unavailable', 'no answer', { cause: refused }) }, 'failed');
  assert.not.match(lines.join(), /hunter2|0c2d0bb4/);
  const { error } = JSON.parse(lines[0] ?? '');
  assert.equal([error.type, error.code, error.message], ['Failure', 'database_unavailable', 'no answer']);
  assert.equal([error.cause.message, error.cause.cause.code], ['connect postgres://<hidden>@db:5432/verdict', '23505']);
  assert.match(error.stack, /logger\.test/);
});

test('a chain of causes that bites its tail ends', () => {
  const { log, lines } = open();
  const one = new Error('one');
  one.cause = one;
  log.error({ err: one }, 'failed');
  log.error({ err: 'thrown text' }, 'failed');
  log.error({ err: { anything: 'hunter2' } }, 'failed');
  assert.is(lines.length, 3);
  assert.not.match(lines.join(), /hunter2/);
});

test.run();
