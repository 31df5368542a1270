/** A leak is seen under the breath of the heap, and the breath is not taken for a leak. */
import * as assert from 'uvu/assert';

import { slopePerMinute, valleys } from '../../../chaos/limits/memory/slope.ts';
import type { Sample } from '../../../chaos/limits/memory/slope.ts';
import { suite } from '../../support/suite.ts';

const test = suite('limits: slope');

const options = { warmUpMs: 60_000, windowMs: 30_000, windowsMin: 6 };

/** A sample every two seconds of a heap that is collected every `breathMs`, and of which `perMinute` is never given back. */
function breathing({ minutes = 8, perMinute = 0, breathMs = 17_000, height = 80 }): readonly Sample[] {
  return Array.from({ length: (minutes * 60_000) / 2_000 }, (_, index) => {
    const atMs = index * 2_000;
    return { atMs, mb: 150 + (perMinute * atMs) / 60_000 + (height * (atMs % breathMs)) / breathMs };
  });
}

function slopeOf(samples: readonly Sample[]): number {
  const slope = slopePerMinute(samples, options);
  assert.type(slope, 'number');
  return slope ?? Number.NaN;
}

test('a sawtooth of 80 MB is no leak', () => {
  assert.ok(Math.abs(slopeOf(breathing({}))) < 0.9, String(slopeOf(breathing({}))));
});

test('two megabytes a minute are seen under the sawtooth', () => {
  const slope = slopeOf(breathing({ perMinute: 2 }));
  assert.ok(slope > 1.1 && slope < 2.9, String(slope));
});

test('a clean line has its own slope', () => {
  const slope = slopeOf(breathing({ perMinute: 3, height: 0 }));
  assert.ok(Math.abs(slope - 3) < 1e-9, String(slope));
});

test('what a process fills up at first is not counted', () => {
  const samples = breathing({ height: 0 }).map(({ atMs, mb }) => ({ atMs, mb: mb + Math.min(atMs, 60_000) / 1_000 }));
  assert.is(slopeOf(samples), 0);
});

test('a life too short says nothing', () => {
  assert.is(slopePerMinute(breathing({ minutes: 3 }), options), undefined);
  assert.is(slopePerMinute([], options), undefined);
});

test('a window that is not whole is left out', () => {
  const lows = valleys(
    [0, 10, 20, 30, 40, 50].map((second) => ({ atMs: second * 1_000, mb: second })),
    { warmUpMs: 0, windowMs: 20_000, windowsMin: 1 },
  );
  assert.equal(
    lows.map(({ mb }) => mb),
    [0, 20],
  );
});

test.run();
