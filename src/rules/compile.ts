/** Turns a written ruleset into one that can judge, or tells everything that is wrong with it. A rule that names an unknown fact or mixes types never gets to see a transaction. */
import { Environment } from '@marcbachmann/cel-js';
import { Ajv2020 } from 'ajv/dist/2020.js';

import type { Facts } from './facts.ts';
import { factTypes } from './facts.ts';
import type { WrittenRuleset } from './ruleset.ts';
import { ownReasons, rulesetSchema } from './ruleset.ts';

export type Ruleset = { readonly version: string; readonly rules: readonly CompiledRule[] };

export type CompiledRule = {
  readonly id: string;
  readonly reason: string;
  /** Throws where the expression has no value for these facts, such as a division by zero. */
  readonly rejects: (facts: Facts) => boolean;
};

export type Compilation =
  | { readonly kind: 'compiled'; readonly ruleset: Ruleset }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

export function compileRuleset(json: unknown): Compilation {
  const validator = new Ajv2020({ allErrors: true });
  const fits = validator.compile<WrittenRuleset>(rulesetSchema);
  if (!fits(json)) {
    const problems = (fits.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || 'the ruleset'} ${message}`,
    );
    return { kind: 'refused', problems };
  }
  const environment = openEnvironment();
  const problems = [...repeatedIds(json), ...json.rules.flatMap((rule) => faultsOf(rule, environment))];
  if (problems.length > 0) return { kind: 'refused', problems };
  return {
    kind: 'compiled',
    ruleset: { version: json.version, rules: json.rules.map((rule) => compile(rule, environment)) },
  };
}

type WrittenRule = WrittenRuleset['rules'][number];

/** Limits on the shape of an expression: with facts of a fixed size they bound what a rule can cost. */
function openEnvironment(): Environment {
  const environment = new Environment({ limits: { maxAstNodes: 500, maxDepth: 30, maxListElements: 500 } });
  for (const [name, schema] of Object.entries(factTypes)) environment.registerVariable(name, { schema: { ...schema } });
  return environment;
}

function faultsOf({ id, when, reason }: WrittenRule, environment: Environment): readonly string[] {
  const { valid, type, error } = environment.check(when);
  const own: readonly string[] = ownReasons;
  return [
    ...(valid ? [] : [`rule ${id}: ${error?.summary ?? 'not a CEL expression'}`]),
    ...(valid && type !== 'bool' ? [`rule ${id}: must say when it rejects, a bool; it is of type ${type}`] : []),
    ...(own.includes(reason) ? [`rule ${id}: the reason ${reason} is given by Verdict itself`] : []),
  ];
}

function repeatedIds({ rules }: WrittenRuleset): readonly string[] {
  const ids = rules.map(({ id }) => id);
  const repeated = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [...repeated].map((id) => `rule ${id} is there more than once`);
}

function compile({ id, when, reason }: WrittenRule, environment: Environment): CompiledRule {
  const expression = environment.parse(when);
  return { id, reason, rejects: (facts) => expression(facts) === true };
}
