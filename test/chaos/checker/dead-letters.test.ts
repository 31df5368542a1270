/** I7 is broken by a good record among the dead letters, by poison that is missing there, and by a dead letter that is not the record that it stands for. */
import * as assert from 'uvu/assert';
import type { Evidence, LogRecord } from '../../../chaos/checker/evidence.ts';
import { suite } from '../../support/suite.ts';
import { assertCaught, changed, goodRun, plantedRecord, saidOf } from './good-run.ts';

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

test('a record of the log that was wiped may be set aside on the next one', () => {
  const [old, next] = run.epochs;
  if (old === undefined || next === undefined) throw new Error('not there');
  const isPoison = ({ headers, topic }: LogRecord): boolean => topic === 'transactions' && 'chaos-id' in headers;
  const rest = { ...next, records: next.records.filter((record) => !isPoison(record)) };
  const moved = [{ ...old, records: [...old.records, ...next.records.filter(isPoison)] }, rest];
  for (const epochs of [moved, [old, rest]])
    assert.equal(saidOf('I7 dead letters', { ...run, samples: [], epochs }), []);
  assertCaught('I7 dead letters', { ...run, samples: [], epochs: [{ ...rest, number: 0 }] }, 'not there');
});

test.run();
