/** Deliveries of all partitions go together, in slices. */
import { of, timer } from 'rxjs';
import { concatMap, map } from 'rxjs/operators';
import { TestScheduler } from 'rxjs/testing';
import * as assert from 'uvu/assert';

import { collect } from '../../../src/streams/operators/collect.ts';
import { suite } from '../../support/suite.ts';
import { deliveries, logRecord } from '../deliveries.ts';

const test = suite('collect');
const scheduler = (): TestScheduler => new TestScheduler((actual, expected) => assert.equal(actual, expected));

test('what arrives while a batch is worked on goes together in the next one, and each is done with its own batch', () => {
  const { list, outcomes } = deliveries(4, (index) => [logRecord({ offset: BigInt(index) })]);
  const marbles = Object.fromEntries(list.map((delivery, index) => ['abcd'.charAt(index), delivery]));
  scheduler().run(({ hot, expectObservable, flush }) => {
    const worked: string[] = [];
    const source = hot('a-bc------d|', marbles);
    const batches = source.pipe(
      collect({ batchMax: 100, paceMs: 0 }, (records) =>
        timer(5).pipe(
          map(() => {
            worked.push(outcomes.join());
            return records.map(({ offset }) => offset.toString()).join('');
          }),
        ),
      ),
    );
    expectObservable(batches).toBe('-----x----y----(z|)', { x: '0', y: '12', z: '3' });
    flush();
    assert.equal(worked, ['', '0 done', '0 done,1 done,2 done']);
    assert.equal(outcomes, ['0 done', '1 done', '2 done', '3 done']);
  });
});

test('a large delivery is worked off in slices, one after the other, and done after the last', () => {
  const records = Array.from({ length: 5 }, (_, index) => logRecord({ offset: BigInt(index) }));
  const { list, outcomes } = deliveries(1, () => records);
  const seen: string[] = [];
  of(...list)
    .pipe(
      collect({ batchMax: 2, paceMs: 0 }, (slice) => {
        seen.push(`${slice.map(({ offset }) => offset).join()} ${outcomes.length}`);
        return of(slice.length);
      }),
      concatMap((size) => of(size)),
    )
    .subscribe();
  assert.equal(seen, ['0,1 0', '2,3 0', '4 0']);
  assert.equal(outcomes, ['0 done']);
});

test.run();
