/** Loops as observables. */
import * as assert from 'uvu/assert';

import { Failure } from '../../../src/platform/failure.ts';
import { fromLoop } from '../../../src/streams/operators/from-loop.ts';
import { suite } from '../../support/suite.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const test = suite('fromLoop');

test('works from the subscription on until the signal aborts, and completes after what is in hand', async () => {
  const clock = new VirtualClock();
  const stopping = new AbortController();
  const emitted: (number | string)[] = [];
  const loop$ = fromLoop<number>(stopping.signal, async (emit, signal) => {
    for (let round = 1; !signal.aborted; round += 1) {
      await clock.sleep(10);
      emit(round);
    }
  });
  await clock.advance(100);
  assert.equal(emitted, []);
  loop$.subscribe({ next: (round) => emitted.push(round), complete: () => emitted.push('complete') });
  await clock.advance(25);
  stopping.abort();
  assert.equal(emitted, [1, 2]);
  await clock.advance(25);
  assert.equal(emitted, [1, 2, 3, 'complete']);
});

test('unsubscribing tells the loop to stop', async () => {
  let told: AbortSignal | undefined;
  const loop$ = fromLoop(new AbortController().signal, async (_, signal) => {
    told = signal;
    await new Promise(() => undefined);
  });
  loop$.subscribe().unsubscribe();
  assert.ok(told?.aborted);
});

test('an error ends it, but for what the world refuses a loop that was told to stop', async () => {
  const stopping = new AbortController();
  const failing = async (): Promise<void> => {
    throw new Failure('database_unavailable', 'away');
  };
  const error: unknown = await fromLoop(stopping.signal, failing)
    .forEach(() => undefined)
    .catch((thrown: unknown) => thrown);
  assert.instance(error, Failure);
  stopping.abort();
  await fromLoop(stopping.signal, failing).forEach(() => undefined);
});

test.run();
