/** I15 is broken by what a wipe loses or doubles, and by an answer that is another one after it. */
import { suite } from '../../support/suite.ts';
import { answer, assertCaught, atMs, changed, goodRun, idAt } from './good-run.ts';

const test = suite('I15 wiped');
const run = goodRun();

const wipes = [{ what: 'kafka', atMs: atMs(0) + 15 }] as const;

test('lost', () => {
  const journal = run.journal.filter(({ transactionId, version }) => transactionId !== idAt(0) || version === 1);
  assertCaught('I15 wiped', { ...run, wipes, journal }, 'terminal 0 times');
});

test('doubled', () => {
  const settled = run.journal.find(({ transactionId, version }) => transactionId === idAt(0) && version === 2);
  if (settled === undefined) throw new Error('not there');
  assertCaught(
    'I15 wiped',
    { ...run, wipes, journal: [...run.journal, { ...settled, version: 3 }] },
    'terminal 2 times',
  );
});

test('another answer', () => {
  const requests = changed(run.requests, ({ replayed }) => replayed === true, { text: answer(0, 'APPROVED') });
  assertCaught('I15 wiped', { ...run, wipes, requests }, 'another answer');
});

test.run();
