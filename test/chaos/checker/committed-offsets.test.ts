/** I6 is broken by an offset that was committed before its effect was durable, in either group, also where the effect came later. */
import type { Evidence, TopicName } from '../../../chaos/checker/evidence.ts';
import { suite } from '../../support/suite.ts';
import { assertCaught, changed, goodRun, idAt } from './good-run.ts';

const test = suite('I6 committed offsets');
const run = goodRun();

const what = 'committed before its effect';

function without(topic: TopicName): Evidence {
  return {
    ...run,
    epochs: run.epochs.map((epoch) => ({
      ...epoch,
      records: epoch.records.filter((record) => record.topic !== topic),
    })),
  };
}

test('no decision', () => {
  assertCaught('I6 committed offsets', without('decisions'), what);
});

test('a decision that came later', () => {
  const samples = changed(run.samples, ({ epoch, group }) => epoch === 0 && group === 'anti-fraud', {
    ends: { decisions: [1] },
  });
  assertCaught('I6 committed offsets', { ...run, samples }, what);
});

test('poison without a dead letter', () => {
  assertCaught('I6 committed offsets', without('transactions.dead'), what);
});

test('no settlement', () => {
  const journal = run.journal.filter(({ transactionId, version }) => transactionId !== idAt(0) || version === 1);
  assertCaught('I6 committed offsets', { ...run, journal }, what);
});

test('a settlement that came later', () => {
  const samples = changed(run.samples, ({ group }) => group === 'settlement', { atMs: 1_000_020 });
  assertCaught('I6 committed offsets', { ...run, samples }, what);
});

test.run();
