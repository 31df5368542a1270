/** The anti-fraud role: judges what is opened by the newest ruleset, and puts the decisions on the log. */
import type { Ruleset } from '../rules/compile.ts';
import { evaluate } from '../rules/evaluate.ts';
import { factsOf } from '../rules/facts.ts';
import { screen } from '../streams/screen.ts';
import type { LogAndKeys } from './consuming.ts';
import { consumingOptions } from './consuming.ts';
import { loadRuleset } from './load-ruleset.ts';
import type { Pipelines } from './pipelines.ts';
import type { Tools } from './tools.ts';

export async function antiFraud(tools: Tools, parts: LogAndKeys, pipelines: Pipelines): Promise<void> {
  const ruleset = await loadRuleset(tools.config.rules.directory);
  tools.log.info({ ruleset: ruleset.version, rules: ruleset.rules.length }, 'rules loaded');
  startScreening(tools, parts, { ruleset, pipelines });
}

export type Screening = { readonly ruleset: Ruleset; readonly pipelines: Pipelines };

export function startScreening(tools: Tools, parts: LogAndKeys, { ruleset, pipelines }: Screening): void {
  const { log, metrics } = tools;
  pipelines.start('screen', (signal) =>
    screen({
      ...consumingOptions(tools, parts, { pipeline: 'screen', signal }),
      judge: (opened) => {
        const { faults, ...judgement } = evaluate(ruleset, factsOf(opened));
        metrics.decided(judgement.outcome);
        for (const rule of faults) metrics.ruleFault(rule);
        if (faults.length > 0) log.error({ rules: faults, ruleset: ruleset.version }, 'rules had no answer');
        return judgement;
      },
    }),
  );
}
