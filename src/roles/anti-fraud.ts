/** The anti-fraud role: judges what is opened by the newest ruleset, and puts the decisions on the log. */
import { evaluate } from '../rules/evaluate.ts';
import { factsOf } from '../rules/facts.ts';
import { screen } from '../streams/screen.ts';
import type { LogAndKeys } from './consuming.ts';
import { consumingOptions } from './consuming.ts';
import { loadRuleset } from './load-ruleset.ts';
import type { Pipelines } from './pipelines.ts';
import type { Tools } from './tools.ts';

export async function antiFraud(tools: Tools, parts: LogAndKeys, pipelines: Pipelines): Promise<void> {
  const { config, log, metrics } = tools;
  const ruleset = await loadRuleset(config.rules.directory);
  log.info({ ruleset: ruleset.version, rules: ruleset.rules.length }, 'rules loaded');
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
