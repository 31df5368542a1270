/** I13 is broken by a sum that does not come out, by a count that is not SQL's, and by what did not run empty. */
import { suite } from '../../support/suite.ts';
import { assertCaught, goodRun } from './good-run.ts';

const test = suite('I13 balanced');
const run = goodRun();

const calm = { opened: { metrics: 20, rows: 20 }, settled: { metrics: 20, rows: 20 }, atRest: {} };

test('the sum is not what was accepted', () => {
  assertCaught('I13 balanced', { ...run, rows: run.rows.slice(1) }, 'the sum');
});

test('metrics and rows differ', () => {
  assertCaught('I13 balanced', { ...run, calm: { ...calm, opened: { metrics: 19, rows: 20 } } }, 'opened');
  assertCaught('I13 balanced', { ...run, calm: { ...calm, settled: { metrics: 21, rows: 20 } } }, 'settled');
});

test('nothing to count', () => {
  assertCaught('I13 balanced', { ...run, calm: { ...calm, opened: { metrics: 0, rows: 0 } } }, 'nothing was counted');
});

test('not at rest', () => {
  assertCaught('I13 balanced', { ...run, calm: { ...calm, atRest: { log_lag_records: 3 } } }, 'not at rest');
});

test.run();
