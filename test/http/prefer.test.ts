/** `Prefer` is read as RFC 7240 writes it, and never an error. */
import * as assert from 'uvu/assert';

import { parseWait } from '../../src/http/prefer.ts';
import { suite } from '../support/suite.ts';

const test = suite('prefer');

const headers: readonly (readonly [header: string | undefined, seconds: number | undefined])[] = [
  [undefined, undefined],
  ['', undefined],
  ['wait=5', 5],
  ['WAIT = 5', 5],
  ['wait="5"', 5],
  ['respond-async, wait=10', 10],
  ['wait=10; foo="bar", return=minimal', 10],
  ['wait=3, wait=9', 3],
  ['wait=x, wait=9', undefined],
  ['wait, wait=9', undefined],
  ['wait=0', undefined],
  ['wait=-1', undefined],
  ['wait=1.5', undefined],
  ['wait=99999999999', undefined],
  ['waiting=5', undefined],
  ['return=representation', undefined],
];
for (const [header, seconds] of headers) {
  test(`${header ?? 'nothing'} asks for ${seconds ?? 'no'} seconds`, () => {
    assert.is(parseWait(header), seconds);
  });
}

test.run();
