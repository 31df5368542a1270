/** What rules cost by themselves, in this process: microseconds to judge one transaction, also for more rules than one ruleset may hold. */
import { compileRuleset } from '../../src/rules/compile.ts';
import type { CompiledRule } from '../../src/rules/compile.ts';
import { evaluate } from '../../src/rules/evaluate.ts';
import type { Facts } from '../../src/rules/facts.ts';
import { accountAt } from '../load/requests.ts';
import { rulesetOf } from './rulesets.ts';

const perRuleset = 99;
/** Evaluations of rules, the first half of which is not counted. */
const evaluations = 2_000_000;
const poolOf = 100;

export function judgingMicros(rules: number): number {
  const ruleset = { version: '2026-11-01', rules: compiledRules(rules) };
  const facts = Array.from({ length: poolOf }, (_, index) => factsAt(index));
  const times = Math.ceil(evaluations / 2 / rules / poolOf) * poolOf;
  const judge = (): number => {
    const startedAt = performance.now();
    for (let turn = 0; turn < times; turn += poolOf) for (const each of facts) evaluate(ruleset, each);
    return ((performance.now() - startedAt) * 1_000) / times;
  };
  judge();
  return judge();
}

/** More than fit in one ruleset are the rules of several. */
export function compiledRules(count: number): readonly CompiledRule[] {
  const compiled: CompiledRule[] = [];
  while (compiled.length < count) {
    const compilation = compileRuleset(rulesetOf(Math.min(perRuleset, count - compiled.length)));
    if (compilation.kind === 'refused') throw new Error(compilation.problems.join('; '));
    compiled.push(...compilation.ruleset.rules);
  }
  return compiled;
}

function factsAt(index: number): Facts {
  return {
    transaction: {
      ...{ amountMinor: BigInt(100 + index * 11), unitMinor: 100n, currency: '', transferType: 1n, clientId: 'local' },
      ...{ debitAccountId: accountAt(2 * index), creditAccountId: accountAt(2 * index + 1) },
    },
  };
}
