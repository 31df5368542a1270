/** I7 is broken by a good record among the dead letters, by poison that is missing there, and by a dead letter that is not the record that it stands for. */
import type { Evidence, LogRecord } from '../../../chaos/checker/evidence.ts';
import { suite } from '../../support/suite.ts';
import { assertCaught, changed, goodRun, plantedRecord } from './good-run.ts';

const test = suite('I7 dead letters');
const run = goodRun();

function letters(change: (letter: LogRecord) => Partial<LogRecord>): Evidence {
  return {
    ...run,
    epochs: run.epochs.map((epoch) => ({
      ...epoch,
      records: epoch.records.map((record) =>
        record.topic === 'transactions.dead' ? { ...record, ...change(record) } : record,
      ),
    })),
  };
}

test('a good record was set aside', () => {
  const { 'chaos-id': _, ...headers } = { 'chaos-id': '', 'verdict-dead-cause': 'bad_schema' };
  assertCaught(
    'I7 dead letters',
    letters(() => ({ headers })),
    'a good record',
  );
});

test('poison that is missing', () => {
  const epochs = run.epochs.map((epoch) => ({
    ...epoch,
    records: epoch.records.filter(({ topic }) => topic !== 'transactions.dead'),
  }));
  assertCaught('I7 dead letters', { ...run, epochs }, 'without a dead letter');
});

test('another cause', () => {
  assertCaught(
    'I7 dead letters',
    { ...run, planted: changed([plantedRecord], () => true, { cause: 'tombstone' }) },
    'set aside as bad_json',
  );
});

test('other bytes, another key, lost headers, no attempts, another place', () => {
  assertCaught(
    'I7 dead letters',
    letters(() => ({ digest: 'changed' })),
    'other bytes',
  );
  assertCaught(
    'I7 dead letters',
    letters(() => ({ key: 'other' })),
    'another key',
  );
  assertCaught(
    'I7 dead letters',
    letters(({ headers }) => ({ headers: { ...headers, ce_id: '' } })),
    'without the headers',
  );
  assertCaught(
    'I7 dead letters',
    letters(({ headers }) => ({ headers: { ...headers, 'verdict-dead-attempts': '' } })),
    'without its attempts',
  );
  assertCaught(
    'I7 dead letters',
    letters(({ headers }) => ({ headers: { ...headers, 'verdict-dead-offset': '77' } })),
    'not there',
  );
});

test.run();
