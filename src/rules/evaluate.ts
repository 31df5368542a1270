/**
 * Judges one transaction: every rule runs, and all reasons are kept, in the order of the rules.
 * A rule that has no answer rejects with RULE_FAULT: a check that could not be made was not passed.
 */
import type { CompiledRule, Ruleset } from './compile.ts';
import type { Facts } from './facts.ts';

export type Evaluation = {
  readonly outcome: 'APPROVED' | 'REJECTED';
  /** Each once. */
  readonly reasons: readonly string[];
  /** The version that judged. */
  readonly ruleset: string;
  /** Ids of rules that had no answer, for those who look after the ruleset. */
  readonly faults: readonly string[];
};

export function evaluate(ruleset: Ruleset, facts: Facts): Evaluation {
  const reasons = new Set<string>();
  const faults: string[] = [];
  for (const rule of ruleset.rules) {
    const answer = ask(rule, facts);
    if (answer === 'rejects') reasons.add(rule.reason);
    if (answer === 'fault') {
      reasons.add('RULE_FAULT');
      faults.push(rule.id);
    }
  }
  return {
    outcome: reasons.size === 0 ? 'APPROVED' : 'REJECTED',
    reasons: [...reasons],
    ruleset: ruleset.version,
    faults,
  };
}

/** What the rule threw is a function of the facts, and says account ids: the rule's id is all that is kept. */
function ask(rule: CompiledRule, facts: Facts): 'rejects' | 'passes' | 'fault' {
  try {
    return rule.rejects(facts) ? 'rejects' : 'passes';
  } catch {
    return 'fault';
  }
}
