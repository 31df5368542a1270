/** I5 is broken by a transition that is missing, doubled, out of order, not asked for or told wrongly, and by an id that is refused. */
import type { Evidence, Transcript } from '../../../chaos/checker/evidence.ts';
import { suite } from '../../support/suite.ts';
import { assertCaught, goodRun } from './good-run.ts';

const test = suite('I5 streamed');
const run = goodRun();

const [transcript] = run.transcripts;

function heard(change: (transcript: Transcript) => Partial<Transcript>): Evidence {
  if (transcript === undefined) throw new Error('not there');
  return { ...run, transcripts: [{ ...transcript, ...change(transcript) }] };
}

test('a gap', () => {
  assertCaught(
    'I5 streamed',
    heard(({ frames }) => ({ frames: frames.toSpliced(1, 1) })),
    'never shown',
  );
});

test('a repeat', () => {
  assertCaught(
    'I5 streamed',
    heard(({ frames }) => ({ frames: [...frames, ...frames.slice(-1)] })),
    'came twice',
  );
});

test('an order that is not the journal’s', () => {
  assertCaught(
    'I5 streamed',
    heard(({ frames }) => ({ frames: frames.toReversed() })),
    'behind one that was shown',
  );
});

test('what the filter does not ask for', () => {
  assertCaught(
    'I5 streamed',
    heard(() => ({ statuses: ['APPROVED'] })),
    'does not ask for',
  );
});

test('another client’s filter', () => {
  assertCaught(
    'I5 streamed',
    heard(() => ({ client: 'zeta' })),
    'does not ask for',
  );
});

test('a status that is not the journal’s', () => {
  const changed = ({ frames }: Transcript): Partial<Transcript> => ({
    frames: frames.map((frame) => ({ ...frame, status: 'REJECTED' })),
  });
  assertCaught('I5 streamed', heard(changed), 'something else than the journal');
});

test('an id that is refused', () => {
  assertCaught(
    'I5 streamed',
    heard(() => ({ refusals: ['Error: 400 the last event id is not known'] })),
    'refused',
  );
});

test.run();
