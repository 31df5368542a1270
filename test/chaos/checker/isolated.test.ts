/** I9 is broken by a read that is let through, by an error that names somebody else's transaction, and by a frame of one. */
import { suite } from '../../support/suite.ts';
import { answer, assertCaught, changed, goodRun, idAt } from './good-run.ts';

const test = suite('I9 isolated');
const run = goodRun();

test('a read that is let through, or refused in a way that tells', () => {
  for (const status of [200, 403]) {
    const requests = changed(run.requests, (request) => request.status === 404, { status });
    assertCaught('I9 isolated', { ...run, requests }, `got ${status}`);
  }
});

test('an answer that shows another client’s transaction', () => {
  const requests = changed(run.requests, (request) => request.status === 404, { text: answer(0, 'PENDING') });
  assertCaught('I9 isolated', { ...run, requests }, 'an answer shows');
});

test('a frame of another client’s transaction', () => {
  const frames = [{ id: 'a.1.1', event: 'transaction.opened', transactionId: idAt(1), status: 'PENDING', atMs: 0 }];
  assertCaught(
    'I9 isolated',
    { ...run, transcripts: changed(run.transcripts, ({ client }) => client === 'acme', { frames }) },
    'a stream shows',
  );
});

test.run();
