/** The checker as a whole: a good run passes, a broken one is told with its story, and thirty thousand transactions take seconds. */
import * as assert from 'uvu/assert';
import { check } from '../../../chaos/checker/check.ts';
import { suite } from '../../support/suite.ts';
import { goodRun, idAt } from './good-run.ts';

const test = suite('check');

test('a good run passes every clause', () => {
  assert.equal(check(goodRun(40)).violations, []);
});

test('a violation comes with the timeline of its transaction', () => {
  const run = goodRun();
  const { findings } = check({ ...run, rows: run.rows.filter(({ id }) => id !== idAt(2)) });
  const [first] = findings;
  assert.is(first?.clause, 'I1');
  assert.ok(
    first?.timeline.some((line) => line.includes('POST by acme at front-door-1 ⇒ 201 PENDING')),
    first?.timeline.join('\n'),
  );
  assert.ok(first?.timeline.some((line) => line.includes('journal TransactionApproved version 2')));
});

test('30,000 transactions in less than 10 s', () => {
  const { violations, tookMs } = check(goodRun(30_000));
  assert.equal(violations, []);
  assert.ok(tookMs < 10_000, `took ${tookMs} ms`);
  console.log(`30,000 transactions checked in ${tookMs} ms`);
}, 60_000);

test.run();
