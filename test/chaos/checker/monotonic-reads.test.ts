/** I12 is broken by a 404 after the 201, and by PENDING after an answer or a frame has said how it ended. */
import { suite } from '../../support/suite.ts';
import { answer, assertCaught, atMs, changed, goodRun, idAt } from './good-run.ts';

const test = suite('I12 monotonic reads');
const run = goodRun();

test('404 after 201', () => {
  const requests = changed(run.requests, ({ method, status }) => method === 'GET' && status === 200, {
    status: 404,
    text: '{}',
  });
  assertCaught('I12 monotonic reads', { ...run, requests }, '404 after 201');
});

const later = {
  client: 'acme',
  door: 'front-door-2',
  method: 'GET',
  id: idAt(0),
  startMs: atMs(0) + 90,
  endMs: atMs(0) + 95,
} as const;
const pending = { ...later, status: 200, text: answer(0, 'PENDING') };

test('PENDING after an answer', () => {
  assertCaught(
    'I12 monotonic reads',
    { ...run, transcripts: [], requests: [...run.requests, pending] },
    'PENDING after terminal',
  );
});

test('PENDING after a frame', () => {
  const requests = [...run.requests.filter(({ method }) => method === 'POST'), pending];
  assertCaught('I12 monotonic reads', { ...run, requests }, 'PENDING after terminal');
});

test.run();
