/** What is written between marks replaces what stood there, and nothing else. */
import * as assert from 'uvu/assert';

import { between } from '../../chaos/between.ts';
import { suite } from '../support/suite.ts';

const test = suite('between marks');

test('what stood there is replaced, as often as one likes', () => {
  const once = between('before\n<!-- table -->\n<!-- /table -->\nafter\n', 'table', '| one |\n');
  assert.is(once, 'before\n<!-- table -->\n\n| one |\n\n<!-- /table -->\nafter\n');
  assert.is(between(once, 'table', '| two |'), once.replace('one', 'two'));
});

test('a document without the marks, or with one of them, is refused', () => {
  for (const text of [
    'nothing',
    '<!-- table -->\n',
    '<!-- /table -->',
    '<!-- table -->\n<!-- /table --><!-- /table -->',
  ]) {
    assert.throws(() => between(text, 'table', 'new'), /no place for table/);
  }
});
test.run();
