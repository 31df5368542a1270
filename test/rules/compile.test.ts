/** A ruleset is checked as a whole when it is loaded, and refused with the ids of its faulty rules. */
import * as assert from 'uvu/assert';

import { compileRuleset } from '../../src/rules/compile.ts';
import { suite } from '../support/suite.ts';

const test = suite('compile ruleset');
const rule = (when: string, more: object = {}): object => ({
  id: 'r1',
  when,
  reason: 'R_1',
  description: 'A rule.',
  ...more,
});
const problemsOf = (...rules: object[]): string => {
  const compilation = compileRuleset({ version: '2026-01-01', rules });
  return compilation.kind === 'refused' ? compilation.problems.join('\n') : '';
};

test('a ruleset without rules is one', () => {
  assert.equal(compileRuleset({ version: '2026-01-01.2', rules: [] }), {
    kind: 'compiled',
    ruleset: { version: '2026-01-01.2', rules: [] },
  });
});

test('an unknown fact is refused with the id of the rule', () => {
  assert.is(problemsOf(rule('transaction.amountMino > 1')), 'rule r1: No such key: amountMino');
  assert.is(problemsOf(rule('amountMinor > 1')), 'rule r1: Unknown variable: amountMinor');
});

test('types that do not go together are refused', () => {
  assert.match(problemsOf(rule('transaction.amountMinor > "1000"')), /rule r1: no such overload/);
  assert.match(
    problemsOf(rule('transaction.amountMinor + 1')),
    /rule r1: must say when it rejects, a bool; it is of type int/,
  );
});

test('what is not CEL is refused', () => {
  assert.match(problemsOf(rule('transaction.amountMinor >')), /rule r1: /);
  assert.match(problemsOf(rule(`${'('.repeat(100)}true${')'.repeat(100)}`)), /rule r1: /);
});

test('all faulty rules are told at once', () => {
  const problems = problemsOf(
    rule('a'),
    rule('b', { id: 'r2' }),
    rule('true', { id: 'r2' }),
    rule('true', { id: 'r3', reason: 'RULE_FAULT' }),
  );
  for (const text of [
    'rule r1: Unknown variable: a',
    'rule r2: Unknown variable: b',
    'rule r2 is there more than once',
    'rule r3: the reason RULE_FAULT',
  ]) {
    assert.ok(problems.includes(text), text);
  }
});

test('another shape is refused', () => {
  for (const json of [
    null,
    [],
    {},
    { version: 'new', rules: [] },
    { version: '2026-01-01', rules: [{ id: 'x' }] },
    { version: '2026-01-01', rules: [], more: 1 },
  ]) {
    assert.is(compileRuleset(json).kind, 'refused');
  }
  assert.match(problemsOf(rule('true', { wen: 'false' })), /additional properties/);
});

test.run();
