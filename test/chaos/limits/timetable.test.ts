/** An open loop's requests are due by the clock alone: late or often asked, it names each of them once. */
import * as assert from 'uvu/assert';

import { Timetable } from '../../../chaos/limits/load/timetable.ts';
import { suite } from '../../support/suite.ts';

const test = suite('limits: timetable');

test('the first request is due at once, the others evenly', () => {
  const timetable = new Timetable(100, 1);
  assert.equal(
    [0, 5, 9.99, 10, 15, 20].map((elapsedMs) => timetable.due(elapsedMs)),
    [1, 0, 0, 1, 0, 1],
  );
});

test('who asks late is told of all that has become due since', () => {
  const timetable = new Timetable(1_000, 2);
  assert.is(timetable.due(0), 1);
  assert.is(timetable.due(500), 500);
  assert.is(timetable.due(500), 0);
});

test('however it is asked, it names as many as the time holds and then is over', () => {
  for (const stepMs of [0.3, 1, 7, 250, 5_000]) {
    const timetable = new Timetable(333, 3);
    let named = 0;
    for (let elapsedMs = 0; !timetable.isOver; elapsedMs += stepMs) named += timetable.due(elapsedMs);
    assert.equal([named, timetable.named], [999, 999], `in steps of ${stepMs} ms`);
  }
});

test.run();
