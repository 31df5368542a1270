/** The rules of every run: large amounts are rejected. */
import type { Ruleset } from '../../src/rules/compile.ts';
import { compileRuleset } from '../../src/rules/compile.ts';

let compiled: Ruleset | undefined;

export function simulatedRuleset(): Ruleset {
  compiled ??= compile();
  return compiled;
}

function compile(): Ruleset {
  const rule = {
    id: 'amount-limit',
    when: 'transaction.amountMinor > 1000 * transaction.unitMinor',
    reason: 'AMOUNT_LIMIT_EXCEEDED',
    description: 'More than 1000 units.',
  };
  const compilation = compileRuleset({ version: '2026-01-01', rules: [rule] });
  if (compilation.kind === 'refused') throw new Error(compilation.problems.join());
  return compilation.ruleset;
}
