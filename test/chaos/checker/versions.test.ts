/** I2 is broken by a second terminal status, a gap, a wrong order, or a row that says something else than its journal. */
import { suite } from '../../support/suite.ts';
import { assertCaught, changed, goodRun, idAt } from './good-run.ts';

const test = suite('I2 versions');
const run = goodRun();

const mine = ({ transactionId }: { readonly transactionId: string }): boolean => transactionId === idAt(0);
const settled = run.journal.find((entry) => mine(entry) && entry.version === 2);

test('two terminal statuses', () => {
  if (settled === undefined) throw new Error('not there');
  const again = { ...settled, version: 3, xid: 90, type: 'TransactionRejected' };
  assertCaught('I2 versions', { ...run, journal: [...run.journal, again] }, 'more than one terminal status');
});

test('one version twice', () => {
  if (settled === undefined) throw new Error('not there');
  assertCaught('I2 versions', { ...run, journal: [...run.journal, { ...settled, xid: 90 }] }, 'a gap, a repeat');
});

test('a gap', () => {
  const journal = run.journal.filter((entry) => !mine(entry) || entry.version !== 1);
  assertCaught('I2 versions', { ...run, journal }, 'a gap');
});

test('in the wrong order of the journal', () => {
  const journal = changed(run.journal, (entry) => mine(entry) && entry.version === 1, { xid: 80 });
  assertCaught('I2 versions', { ...run, journal }, 'behind its successor');
});

test('no opening', () => {
  const journal = changed(run.journal, (entry) => mine(entry) && entry.version === 1, { type: 'TransactionApproved' });
  assertCaught('I2 versions', { ...run, journal }, 'more than one terminal');
});

test('something after the terminal status', () => {
  if (settled === undefined) throw new Error('not there');
  const more = [3, 4].map((version) => ({ ...settled, version, xid: 90 + version, type: 'DecisionSuperseded' }));
  assertCaught('I2 versions', { ...run, journal: [...run.journal, ...more] }, 'left a terminal status');
});

test('a row that says something else', () => {
  const rows = changed(run.rows, (_, index) => index === 0, { status: 'REJECTED' });
  assertCaught('I2 versions', { ...run, rows }, 'the row says REJECTED');
});

test.run();
