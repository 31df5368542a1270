/** I4 is broken by two transactions or two answers for one key, by a conflict that is let through or refused without one, and by a refusal that sticks. */
import { suite } from '../../support/suite.ts';
import { answer, assertCaught, bodyOf, changed, goodRun, idAt } from './good-run.ts';

const test = suite('I4 idempotent');
const run = goodRun();

test('two transactions for one key', () => {
  const [row] = run.rows;
  if (row === undefined) throw new Error('not there');
  assertCaught('I4 idempotent', { ...run, rows: [...run.rows, { ...row, id: idAt(9) }] }, '2 transactions');
});

test('answers that differ by a byte', () => {
  const requests = changed(run.requests, ({ replayed }) => replayed === true, { text: `${answer(0, 'PENDING')} ` });
  assertCaught('I4 idempotent', { ...run, requests }, 'different answers');
});

test('two first answers', () => {
  const requests = changed(run.requests, ({ replayed }) => replayed === true, { replayed: false });
  assertCaught('I4 idempotent', { ...run, requests }, 'no replay');
});

test('another body that was let through', () => {
  const requests = changed(run.requests, ({ replayed }) => replayed === true, { body: bodyOf(99) });
  assertCaught('I4 idempotent', { ...run, requests }, 'another body');
});

test('the same body refused', () => {
  const requests = changed(run.requests, ({ status }) => status === 422, { body: bodyOf(12.5) });
  assertCaught('I4 idempotent', { ...run, requests }, 'same body was refused');
});

test('a refusal that was kept', () => {
  const requests = changed(run.requests, ({ status }) => status === 422, { status: 503, replayed: true });
  assertCaught('I4 idempotent', { ...run, requests }, 'a refusal was replayed');
});

test('an answer that nothing deserved, and a bug', () => {
  const requests = changed(run.requests, ({ status }) => status === 422, { status: 400 });
  assertCaught('I4 idempotent', { ...run, requests }, 'nothing deserved');
  assertCaught(
    'I4 idempotent',
    { ...run, requests: changed(requests, ({ status }) => status === 400, { status: 500 }) },
    'a bug',
  );
});

test.run();
