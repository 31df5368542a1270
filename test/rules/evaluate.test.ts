/** Every rule runs, all reasons are kept, and a rule without an answer rejects. */
import fc from 'fast-check';
import * as assert from 'uvu/assert';

import type { Ruleset } from '../../src/rules/compile.ts';
import { compileRuleset } from '../../src/rules/compile.ts';
import { evaluate } from '../../src/rules/evaluate.ts';
import type { Facts } from '../../src/rules/facts.ts';
import { suite } from '../support/suite.ts';

const test = suite('evaluate');
const factsWith = (amountMinor: bigint, more: Partial<Facts['transaction']> = {}): Facts => ({
  transaction: {
    amountMinor,
    unitMinor: 100n,
    currency: '',
    transferType: 1n,
    debitAccountId: 'd',
    creditAccountId: 'c',
    clientId: 'local',
    ...more,
  },
});

function rulesetOf(...whens: readonly (readonly [when: string, reason: string])[]): Ruleset {
  const rules = whens.map(([when, reason], index) => ({ id: `r${index}`, when, reason, description: 'A rule.' }));
  const compilation = compileRuleset({ version: '2026-01-01', rules });
  if (compilation.kind === 'refused') throw new Error(compilation.problems.join());
  return compilation.ruleset;
}

test('no rule that rejects approves, without reasons', () => {
  assert.equal(evaluate(rulesetOf(['transaction.amountMinor > 5', 'BIG']), factsWith(5n)), {
    outcome: 'APPROVED',
    reasons: [],
    ruleset: '2026-01-01',
    faults: [],
  });
});

test('all reasons are kept in the order of the rules, each once', () => {
  const ruleset = rulesetOf(
    ['transaction.currency == ""', 'NO_CURRENCY'],
    ['false', 'NEVER'],
    ['transaction.amountMinor > 5', 'BIG'],
    ['transaction.amountMinor > 6', 'BIG'],
    ['transaction.transferType in [1, 2]', 'A_TYPE'],
  );
  assert.equal(evaluate(ruleset, factsWith(7n)).reasons, ['NO_CURRENCY', 'BIG', 'A_TYPE']);
});

test('every fact can be used', () => {
  const ruleset = rulesetOf(
    ['transaction.debitAccountId == "d" && transaction.creditAccountId.startsWith("c")', 'ACCOUNTS'],
    ['transaction.clientId == "local" && transaction.unitMinor == 100', 'REST'],
  );
  assert.equal(evaluate(ruleset, factsWith(1n)).reasons, ['ACCOUNTS', 'REST']);
});

test('a rule without an answer rejects, is named, and stops no other rule', () => {
  const ruleset = rulesetOf(
    ['100 / transaction.amountMinor > 1000', 'DIVIDES'],
    ['transaction.amountMinor * 9223372036854775807 > 1', 'OVERFLOWS'],
    ['transaction.currency == ""', 'NO_CURRENCY'],
  );
  const { outcome, reasons, faults } = evaluate(ruleset, factsWith(0n));
  assert.equal([outcome, reasons, faults], ['REJECTED', ['RULE_FAULT', 'NO_CURRENCY'], ['r0']]);
  assert.equal(evaluate(ruleset, factsWith(2n)).faults, ['r1']);
});

test('it is a function of the facts', () => {
  const ruleset = rulesetOf(['transaction.amountMinor > 1000 * transaction.unitMinor', 'BIG']);
  fc.assert(
    fc.property(fc.bigInt(1n, 999_999_999_999_999n), fc.integer({ min: 0, max: 6 }), (amountMinor, digits) => {
      const unitMinor = 10n ** BigInt(digits);
      const { outcome } = evaluate(ruleset, factsWith(amountMinor, { unitMinor }));
      assert.is(outcome, amountMinor > 1000n * unitMinor ? 'REJECTED' : 'APPROVED');
    }),
  );
});

test.run();
