/** A failing seed in few lines: what was violated, by which faults, and the timeline of the one transaction that it is about. */
import { timeline } from '../kernel/history.ts';
import type { Outcome } from './run-plan.ts';

const linesMax = 120;

export function report(first: Outcome, small: Outcome): readonly string[] {
  const { plan, violations, happenings, hash } = small;
  const [violation] = violations;
  const lines = timeline(happenings, violation?.transaction);
  return [
    `seed ${plan.seed} violates ${violation?.clause}: ${violation?.text}`,
    `${first.plan.faults.length} faults, shrunk to ${plan.faults.length}; ${plan.intents.length} requests; ${plan.quiet ? 'comes to rest' : 'safety only'}`,
    ...plan.faults.map(({ kind, at, target, ms }) => `  ${kind} at ${at.toFixed(1)} (${target}, ${ms.toFixed(0)} ms)`),
    ...(lines.length > linesMax ? [`… ${lines.length - linesMax} lines before these`] : []),
    ...lines.slice(-linesMax),
    `history ${hash}`,
    `again: npm run sim -- --seed ${plan.seed} --seeds 1 --verbose`,
  ];
}
