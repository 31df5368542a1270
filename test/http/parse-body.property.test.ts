/** A body's JSON reads the same by the short way and by the long one, whatever is in it: the amount stays the text it was written in. */
import * as assert from 'uvu/assert';
import fc from 'fast-check';

import { parseJson } from '../../src/http/parse-body.ts';
import { suite } from '../support/suite.ts';

const test = suite('reading a body');

function longWay(text: string): unknown {
  return JSON.parse(text, (name: string, value: unknown, source?: { readonly source?: string }) =>
    name === 'value' && typeof value === 'number' ? source?.source : value,
  );
}

const numberText = fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][-+]?\d{1,2})?$/);
const scalar = fc.oneof(numberText, fc.constantFrom('null', 'true', '"value"', '"plain"', '"\\u0076alue"', '" , }"'));
const name = fc.constantFrom('"value"', '"v\\u0061lue"', '"currency"', '"values"', '"__proto__"');
const gap = fc.constantFrom('', ' ', '\n', '\t ');

const { json } = fc.letrec<{ json: string; object: string; array: string }>((tie) => ({
  object: fc
    .array(fc.tuple(gap, name, gap, tie('json'), gap), { maxLength: 4 })
    .map((members) => `{${members.map(([a, key, b, value, c]) => `${a}${key}${b}:${a}${value}${c}`).join()}}`),
  array: fc.array(tie('json'), { maxLength: 3 }).map((items) => `[${items.join()}]`),
  json: fc.oneof({ maxDepth: 3 }, scalar, tie('object'), tie('array')),
}));

test('the short way reads what the long way reads', () => {
  fc.assert(
    fc.property(json, (text) => {
      assert.equal(parseJson(text), longWay(text));
    }),
    { numRuns: 3_000 },
  );
});

test('digits that no binary fraction holds are kept', () => {
  assert.equal(parseJson('{"currency":"EUR", "value" : 0.10000000000000000555 }'), {
    currency: 'EUR',
    value: '0.10000000000000000555',
  });
});
test.run();
