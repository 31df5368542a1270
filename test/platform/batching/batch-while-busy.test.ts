/** Marbles for `batchWhileBusy`: an idle path waits for nothing, a busy one gathers, and nothing outlives its subscriber. */
import * as assert from 'uvu/assert';
import { EMPTY, concat, map, of, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { batchWhileBusy } from '../../../src/platform/batching/batch-while-busy.ts';
import { suite } from '../../support/suite.ts';
import type { Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';

const test = suite('batchWhileBusy');

type Marbles = RunHelpers & {
  readonly scheduler: TestScheduler;
  /** Work that takes `ms` and answers with the batch as one word. */
  readonly taking: (ms: number) => (batch: readonly string[]) => Observable<string>;
};

function marbles(name: string, body: (run: Marbles) => void): void {
  test(name, () => {
    const scheduler = new TestScheduler((actual, expected) => assert.equal(actual, expected));
    scheduler.run((helpers) => {
      const taking = (ms: number) => (batch: readonly string[]) =>
        helpers.cold(`${ms}ms (r|)`).pipe(map(() => batch.join('')));
      body({ ...helpers, scheduler, taking });
    });
  });
}

const words = { A: 'a', B: 'b', C: 'c', X: 'ab', Y: 'bc', Z: 'bcd', W: 'de' };

marbles('an idle path starts at once', ({ hot, expectObservable, scheduler, taking }) => {
  const source = hot('  --a--------------b-----');
  const expected = '    ----A--------------B---';
  const result = source.pipe(batchWhileBusy({ batchMax: 10, paceMs: 10, scheduler }, taking(2)));
  expectObservable(result, '23ms !').toBe(expected, words);
});

marbles(
  'what arrives while a batch is in flight goes together in the next',
  ({ hot, expectObservable, scheduler, taking }) => {
    const source = hot('  a-bcd----------');
    const expected = '    ------A-----Z--';
    const result = source.pipe(batchWhileBusy({ batchMax: 10, paceMs: 0, scheduler }, taking(6)));
    expectObservable(result, '15ms !').toBe(expected, words);
  },
);

marbles(
  'no batch starts sooner than the pace after the start of the one before',
  ({ hot, expectObservable, scheduler, taking }) => {
    const source = hot('  a---b-c--------');
    const expected = '    --A--------- Y-';
    const result = source.pipe(batchWhileBusy({ batchMax: 10, paceMs: 10, paceFrom: 1, scheduler }, taking(2)));
    expectObservable(result, '15ms !').toBe(expected.replaceAll(' ', ''), words);
  },
);

marbles('after a batch of few the pace is short', ({ hot, expectObservable, scheduler, taking }) => {
  const source = hot('  ab--c-de------------');
  const expected = '    --A----Y---------W--';
  const result = source.pipe(batchWhileBusy({ batchMax: 10, paceMs: 20, paceFrom: 4, scheduler }, taking(2)));
  expectObservable(result, '20ms !').toBe(expected, words);
});

marbles('a full batch does not wait for the pace', ({ hot, expectObservable, scheduler, taking }) => {
  const source = hot('  a---bcde-------');
  const expected = '    -A----Y-W------';
  const result = source.pipe(batchWhileBusy({ batchMax: 2, paceMs: 100, paceFrom: 1, scheduler }, taking(1)));
  expectObservable(result, '15ms !').toBe(expected, words);
});

marbles('a batch holds no more than its maximum, and order is kept', ({ hot, expectObservable, scheduler, taking }) => {
  const source = hot('  (abcde|)');
  const expected = '    --A-Y-(W|)';
  const result = source.pipe(batchWhileBusy({ batchMax: 2, paceMs: 50, paceFrom: 1, scheduler }, taking(2)));
  expectObservable(result).toBe(expected, words);
});

marbles(
  'completes after the last batch, which does not wait for the pace',
  ({ hot, expectObservable, scheduler, taking }) => {
    const source = hot('  a----b-|');
    const expected = '    --A------(B|)';
    const result = source.pipe(batchWhileBusy({ batchMax: 10, paceMs: 100, paceFrom: 1, scheduler }, taking(2)));
    expectObservable(result).toBe(expected, words);
  },
);

marbles('completes at once when nothing waits', ({ cold, expectObservable, scheduler, taking }) => {
  const result = cold('--|').pipe(batchWhileBusy({ batchMax: 10, paceMs: 10, scheduler }, taking(2)));
  expectObservable(result).toBe('--|');
});

marbles('a batch may be answered by several values or by none', ({ hot, expectObservable, scheduler }) => {
  const answers = (batch: readonly string[]) => (batch.includes('b') ? EMPTY : of('A', 'C'));
  const source = hot('  a---b---a----|');
  const expected = '    (AC)----(AC)-|';
  expectObservable(source.pipe(batchWhileBusy({ batchMax: 10, paceMs: 0, scheduler }, answers))).toBe(expected);
});

marbles(
  'an error of the work ends the stream and the source',
  ({ cold, hot, expectObservable, expectSubscriptions, scheduler }) => {
    const source = hot('  a--b------');
    const gone = '        ^-!';
    const expected = '    --#';
    const failing = () =>
      concat(
        cold('--|'),
        throwError(() => 'error'),
      );
    const result = source.pipe(batchWhileBusy({ batchMax: 10, paceMs: 0, scheduler }, failing));
    expectObservable(result).toBe(expected);
    expectSubscriptions(source.subscriptions).toBe(gone);
  },
);

marbles('work that throws instead of failing ends the stream too', ({ hot, expectObservable, scheduler }) => {
  const source = hot('  -a--');
  const expected = '    -#';
  const throwing = (): Observable<never> => {
    throw 'error';
  };
  expectObservable(source.pipe(batchWhileBusy({ batchMax: 10, paceMs: 0, scheduler }, throwing))).toBe(expected);
});

marbles('an error of the source ends the stream at once', ({ hot, expectObservable, scheduler, taking }) => {
  const source = hot('  a--#');
  const expected = '    ---#';
  expectObservable(source.pipe(batchWhileBusy({ batchMax: 10, paceMs: 0, scheduler }, taking(9)))).toBe(expected);
});

marbles(
  'leaving cancels the batch in flight and the one that waits for the pace',
  ({ cold, hot, expectObservable, expectSubscriptions, scheduler }) => {
    const work = cold('   ----r|');
    const source = hot('  a-b-----');
    const result = source.pipe(batchWhileBusy({ batchMax: 10, paceMs: 100, paceFrom: 1, scheduler }, () => work));
    expectObservable(result, '---!').toBe('----');
    expectSubscriptions(work.subscriptions).toBe('^--!');
    expectSubscriptions(source.subscriptions).toBe('^--!');
  },
);

test.run();
