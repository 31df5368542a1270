/** Retrying in place. */
import { defer, of, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import * as assert from 'uvu/assert';

import { Failure } from '../../../src/platform/failure.ts';
import { backoffMs, retried, withRetry } from '../../../src/streams/operators/with-retry.ts';
import { suite } from '../../support/suite.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const test = suite('withRetry');
const away = new Failure('event_log_unavailable', 'away');
const refused = new Failure('event_log_refused', 'refused');
const whole = { fraction: () => 1 };

/** Fails as often as there are errors, then works. */
function failing(...errors: readonly unknown[]) {
  const left = [...errors];
  return defer(() => (left.length > 0 ? throwError(() => left.shift()) : of('w')));
}

function marbles(
  body: (run: Parameters<Parameters<TestScheduler['run']>[0]>[0], scheduler: TestScheduler) => void,
): void {
  const scheduler = new TestScheduler((actual, expected) => assert.equal(actual, expected));
  scheduler.run((run) => body(run, scheduler));
}

test('an outage is tried again, each time after twice the pause, up to the cap', () =>
  marbles(({ expectObservable }, scheduler) => {
    const retry = withRetry<string>({ clock: { scheduler }, entropy: whole, firstMs: 10, maxMs: 25 });
    expectObservable(failing(away, away, away, away).pipe(retry)).toBe('10ms 20ms 25ms 25ms (w|)');
  }));

test('what no retry cures passes through at once', () =>
  marbles(({ expectObservable }, scheduler) => {
    const retry = withRetry<string>({ clock: { scheduler }, entropy: whole, firstMs: 10, maxMs: 25 });
    expectObservable(failing(away, refused).pipe(retry)).toBe('10ms #', undefined, refused);
    expectObservable(failing(new TypeError('bug')).pipe(retry)).toBe('#', undefined, new TypeError('bug'));
  }));

test('the pauses begin anew after a success', () =>
  marbles(({ cold, expectObservable }, scheduler) => {
    const tries = [cold('#', undefined, away), cold('a 4ms #', undefined, away), cold('b|')];
    const retry = withRetry<string>({ clock: { scheduler }, entropy: whole, firstMs: 10, maxMs: 100 });
    expectObservable(defer(() => tries.shift() ?? of()).pipe(retry)).toBe('10ms a 4ms 10ms b|');
  }));

test('an abort ends the pause and the trying', async () => {
  const clock = new VirtualClock();
  const stopping = new AbortController();
  let tries = 0;
  const work = async (): Promise<void> => {
    tries += 1;
    throw away;
  };
  const ended = retried({ clock, entropy: whole, firstMs: 10, maxMs: 1_000, signal: stopping.signal }, work).catch(
    (error: unknown) => error,
  );
  await clock.advance(100);
  assert.is(tries, 4);
  stopping.abort();
  const error = await ended;
  assert.is(error instanceof Failure && error.code, 'stopped');
  assert.is(tries, 4);
});

test('the jitter takes at most half of a pause away', () => {
  const options = { firstMs: 100, maxMs: 1_000 };
  assert.is(backoffMs({ ...options, entropy: { fraction: () => 0 } }, 1), 50);
  assert.is(backoffMs({ ...options, entropy: whole }, 1), 100);
  assert.is(backoffMs({ ...options, entropy: whole }, 4), 800);
  assert.is(backoffMs({ ...options, entropy: whole }, 5_000), 1_000);
});

test.run();
