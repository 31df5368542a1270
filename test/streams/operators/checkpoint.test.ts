/** The log moves on only after the effect. */
import { TestScheduler } from 'rxjs/testing';
import * as assert from 'uvu/assert';

import { Failure } from '../../../src/platform/failure.ts';
import { checkpoint } from '../../../src/streams/operators/checkpoint.ts';
import { suite } from '../../support/suite.ts';
import { deliveries } from '../deliveries.ts';

const test = suite('checkpoint');
const scheduler = (): TestScheduler => new TestScheduler((actual, expected) => assert.equal(actual, expected));

test('everything is done when the work completes, and not before', () => {
  const { list, outcomes } = deliveries(2);
  scheduler().run(({ cold, expectObservable, flush }) => {
    expectObservable(cold('a-b-|').pipe(checkpoint(list)), '---!').toBe('a-b');
    flush();
    assert.equal(outcomes, []);
  });
  scheduler().run(({ cold, expectObservable, flush }) => {
    expectObservable(cold('a-b|').pipe(checkpoint(list))).toBe('a-b|');
    flush();
    assert.equal(outcomes, ['0 done', '1 done']);
  });
});

test('a bug fails every delivery and goes on as an error', () => {
  const { list, outcomes } = deliveries(2);
  const bug = new TypeError('bug');
  scheduler().run(({ cold, expectObservable, flush }) => {
    expectObservable(cold('a-#', undefined, bug).pipe(checkpoint(list))).toBe('a-#', undefined, bug);
    flush();
    assert.equal(outcomes, ['0 failed', '1 failed']);
  });
});

test('work that was stopped fails every delivery and ends quietly', () => {
  const { list, outcomes } = deliveries(1);
  scheduler().run(({ cold, expectObservable, flush }) => {
    expectObservable(cold('--#', undefined, new Failure('stopped', 'stopped')).pipe(checkpoint(list))).toBe('--|');
    flush();
    assert.equal(outcomes, ['0 failed']);
  });
});

test.run();
