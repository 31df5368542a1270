/** A cursor as text is read back exactly, and text that the database could not even be asked about is malformed. */
import * as assert from 'uvu/assert';

import { formatCursor, parseCursor } from '../../src/persistence/cursor.ts';
import { suite } from '../support/suite.ts';

const test = suite('cursor');
const journal = 'memoryjourna';
const [xidMax, positionMax] = [2n ** 64n - 1n, 2n ** 63n - 1n];

test('what was written is read back, up to the largest that the database counts to', () => {
  for (const cursor of [
    { xid: 0n, position: 0n },
    { xid: 1_234n, position: 987_654_321n },
    { xid: xidMax, position: positionMax },
  ]) {
    assert.equal(parseCursor(journal, formatCursor(journal, cursor)), cursor);
  }
});

test('numbers that the database has no room for are malformed, not a question that it refuses', () => {
  for (const cursor of [
    { xid: xidMax + 1n, position: 0n },
    { xid: 0n, position: positionMax + 1n },
  ]) {
    assert.is(parseCursor(journal, formatCursor(journal, cursor)), 'malformed');
  }
  assert.is(parseCursor(journal, `${journal}.1.zzzzzzzzzzzzz`), 'malformed');
});

test('another journal is foreign, anything else malformed', () => {
  assert.is(parseCursor(journal, 'otherjournal.1.1'), 'foreign');
  assert.is(parseCursor(journal, 'otherjournal.1'), 'malformed');
  assert.is(parseCursor(journal, `${journal}.A.1`), 'malformed');
});

test.run();
