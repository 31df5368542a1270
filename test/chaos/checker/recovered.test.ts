/** I11 is broken by a process that ends by itself or badly, and by what is left undone when all faults are over. */
import { suite } from '../../support/suite.ts';
import { assertCaught, changed, goodRun, idAt } from './good-run.ts';

const test = suite('I11 recovered');
const run = goodRun();

test('a process that ended by itself', () => {
  const exit = { name: 'relay-2', atMs: 0, code: 1, signal: null, tookMs: 0 };
  assertCaught('I11 recovered', { ...run, exits: [exit] }, 'by itself');
});

test('a process that did not end well', () => {
  assertCaught(
    'I11 recovered',
    { ...run, exits: changed(run.exits, () => true, { code: 1, asked: 'SIGTERM' }) },
    'did not end well',
  );
});

test('a key without its answer', () => {
  const requests = changed(run.requests, ({ key }) => key === 'key-0', { status: 503 });
  assertCaught('I11 recovered', { ...run, requests }, 'never got its answer');
});

test('a group behind its topic', () => {
  const samples = changed(run.samples, ({ epoch }) => epoch === 1, { committed: [0] });
  assertCaught('I11 recovered', { ...run, samples }, 'did not catch up');
});

test('a settlement that nobody was told', () => {
  const epochs = run.epochs.map((epoch) => ({
    ...epoch,
    records: epoch.records.filter(({ topic, key }) => topic !== 'settlements' || key !== idAt(3)),
  }));
  assertCaught('I11 recovered', { ...run, epochs }, 'not relayed');
});

test('a stream that stayed behind', () => {
  const transcripts = changed(run.transcripts, () => true, { lastId: 'abcdefabcdef.1.0' });
  assertCaught('I11 recovered', { ...run, transcripts }, 'did not get to the end');
});

test.run();
