/** Nothing that goes wrong in a test file is counted as a pass. */
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { addUp, tally } from '../../tools/test/tally.ts';

const test = suite('tally');
const summary = (total: number, passed: number): string =>
  `\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   0\n  Duration:  1.00ms\n`;
const well = 0;

test('a file that passes counts its tests', () => {
  assert.equal(tally(summary(3, 3), well), { passed: 3, failed: 0, skipped: 0 });
});

test('failed tests are counted one by one', () => {
  assert.equal(tally(summary(5, 3), 1), { passed: 3, failed: 2, skipped: 0 });
});

test('several summaries of one file are added, colours or not', () => {
  const coloured = summary(4, 4).replace('  Total', '\u001B[32m  Total').replaceAll('\n', '\u001B[39m\n');
  assert.is(tally(summary(2, 2) + coloured, well).passed, 6);
});

test('a file without tests fails', () => {
  assert.equal(tally(summary(0, 0), well), { passed: 0, failed: 1, skipped: 0, why: 'no test ran, ended with code 0' });
  assert.is(tally('', well).failed, 1);
});

test('a file that does not end with 0 fails although all its tests passed', () => {
  assert.equal(tally(summary(2, 2), 7), {
    passed: 2,
    failed: 1,
    skipped: 0,
    why: 'ended with code 7',
  });
  assert.is(tally(summary(2, 2), 'ended by SIGSEGV').failed, 1);
  assert.is(tally(summary(2, 2), 'took longer than 120 s').failed, 1);
});

test('a time limit is a failure beside the failed tests', () => {
  assert.is(tally(summary(3, 2), 'took longer than 120 s').failed, 2);
});

test('tallies add up', () => {
  assert.equal(addUp([tally(summary(3, 3), well), tally('', well)]), { passed: 3, failed: 1, skipped: 0 });
});

test.run();
