/** I3 is broken by a status without its decision, another decision than the log's, a decision about nothing, and a deadline that comes too soon. */
import { suite } from '../../support/suite.ts';
import { assertCaught, changed, goodRun, idAt } from './good-run.ts';

const test = suite('I3 decided');
const run = goodRun();

const last = idAt(3);

test('terminal without a decision', () => {
  const journal = changed(run.journal, ({ version }) => version === 2, { decision: null });
  assertCaught('I3 decided', { ...run, journal }, 'without a decision');
});

test('a decision that says something else than the status', () => {
  const decision = { outcome: 'REJECTED', reasons: [], decidedBy: 'RULES' };
  const journal = changed(run.journal, ({ version }) => version === 2, { decision });
  assertCaught('I3 decided', { ...run, journal }, 'says something else');
});

test('a row with another decision than its journal', () => {
  const rows = changed(run.rows, () => true, { decision: { outcome: 'APPROVED', reasons: [], decidedBy: 'DEADLINE' } });
  assertCaught('I3 decided', { ...run, rows }, 'another decision');
});

test('nothing on the log says so', () => {
  const journal = changed(run.journal, ({ transactionId }) => transactionId === last, { recordedAtMs: 9_000_000 });
  const epochs = run.epochs.map((epoch) => ({
    ...epoch,
    records: epoch.records.filter(({ topic, key }) => topic !== 'decisions' || key !== last),
  }));
  assertCaught('I3 decided', { ...run, journal, epochs }, 'no decision of that outcome');
});

test('a decision about what was never opened', () => {
  const journal = run.journal.filter(({ transactionId }) => transactionId !== last);
  assertCaught('I3 decided', { ...run, journal }, 'never opened');
});

test('a deadline that comes too soon', () => {
  const decision = { outcome: 'APPROVED', reasons: [], decidedBy: 'DEADLINE' };
  const journal = changed(run.journal, ({ version }) => version === 2, { decision });
  assertCaught('I3 decided', { ...run, journal, rows: changed(run.rows, () => true, { decision }) }, 'deadline before');
});

test.run();
