/** Each bar has its line, and the last line counts them. */
import * as assert from 'uvu/assert';

import { lastLine, lineOf, toMarkdown } from '../../../chaos/limits/report.ts';
import { suite } from '../../support/suite.ts';

const test = suite('limits: report');

const kept = { name: 'storm resumed', figures: '2000 clients in 9.1 s', bar: '≤ 30 s', kept: true };
const missed = { ...kept, name: 'clients memory', kept: false };

test('a line says what was measured, and whether the bar was kept', () => {
  assert.is(lineOf(kept), 'storm resumed: 2000 clients in 9.1 s ... kept (≤ 30 s)');
  assert.match(lineOf(missed), '... missed (');
});

test('the last line counts', () => {
  assert.is(lastLine([kept, missed, kept]), '2 bars kept, 1 missed');
  assert.match(toMarkdown([kept, missed], 'quiet'), '1 bars kept, 1 missed');
});

test.run();
