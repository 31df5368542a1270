/** I1 is broken by what was acknowledged and is gone, is another's, or never ends; not by what was set aside with a cause. */
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { answer, assertCaught, changed, goodRun, idAt, saidOf } from './good-run.ts';

const test = suite('I1 acknowledged');
const run = goodRun();

test('acknowledged and not there', () => {
  assertCaught('I1 acknowledged', { ...run, rows: run.rows.slice(1) }, 'acknowledged and not there');
});

test('acknowledged under another key', () => {
  const requests = changed(run.requests, ({ method }, index) => index === 0 && method === 'POST', {
    text: answer(2, 'PENDING'),
  });
  assertCaught('I1 acknowledged', { ...run, requests }, 'another key');
});

const pending = changed(run.rows, (_, index) => index === 1, { status: 'PENDING', version: 1, decision: null });

test('never terminal', () => {
  assertCaught('I1 acknowledged', { ...run, rows: pending }, 'never became terminal');
});

test('nor acknowledged', () => {
  const requests = run.requests.filter(({ key }) => key !== 'key-1');
  assertCaught('I1 acknowledged', { ...run, rows: pending, requests }, 'nor acknowledged');
});

test('parked with a cause is allowed', () => {
  const letter = {
    topic: 'decisions.dead',
    partition: 0,
    offset: 0,
    key: idAt(1),
    headers: {},
    digest: null,
    text: null,
  } as const;
  const epochs = [...run.epochs, { number: 2, startMs: 0, records: [letter] }];
  assert.equal(saidOf('I1 acknowledged', { ...run, rows: pending, epochs }), []);
});

test.run();
