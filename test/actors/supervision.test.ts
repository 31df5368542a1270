import * as assert from 'uvu/assert';

import { supervise } from '../../src/actors/supervision.ts';
import type { FailureCode } from '../../src/platform/failure.ts';
import { Failure } from '../../src/platform/failure.ts';
import { suite } from '../support/suite.ts';

const test = suite('supervision');
const options = { triesMax: 3, pauseMs: 50 };
const after = (code: FailureCode, tries: number) => supervise(new Failure(code, 'test'), tries, options);

test('an outage of the database is tried again after a pause, a version that moved on at once', () => {
  assert.equal(after('database_unavailable', 1), { type: 'retry', pauseMs: 50 });
  assert.equal(after('version_conflict', 2), { type: 'retry', pauseMs: 0 });
});

test('the tries are bounded', () => {
  assert.equal(after('database_unavailable', 3), { type: 'reset' });
  assert.equal(after('version_conflict', 3), { type: 'reset' });
});

test('what another try would not help, or would make worse, goes to the caller', () => {
  assert.equal(after('database_refused', 1), { type: 'reset' });
  assert.equal(after('overloaded', 1), { type: 'reset' });
  assert.equal(after('stopped', 1), { type: 'reset' });
});

test('a bug stops the actor', () => {
  assert.equal(supervise(new TypeError('bug'), 1, options), { type: 'stop' });
  assert.equal(supervise(undefined, 1, options), { type: 'stop' });
});

test.run();
