/** I8 is broken by a row without a request or a journal, and by a journal without a row. */
import { suite } from '../../support/suite.ts';
import { assertCaught, goodRun, idAt } from './good-run.ts';

const test = suite('I8 no phantom');
const run = goodRun();

test('a row that nobody asked for', () => {
  assertCaught(
    'I8 no phantom',
    { ...run, requests: run.requests.filter(({ key }) => key !== 'key-2') },
    'nobody asked',
  );
});

test('a row without a journal', () => {
  assertCaught(
    'I8 no phantom',
    { ...run, journal: run.journal.filter(({ transactionId }) => transactionId !== idAt(2)) },
    'without a journal',
  );
});

test('a journal without a row', () => {
  assertCaught('I8 no phantom', { ...run, rows: run.rows.slice(1) }, 'without a row');
});

test.run();
