/** Runs seeds and fails with the timeline of the first that violates anything; answers with how many transactions were accepted. */
import * as assert from 'uvu/assert';

import { planOf } from '../../sim/plan/plan.ts';
import { withoutStacks } from '../../sim/run/campaign.ts';
import { report } from '../../sim/run/report.ts';
import { runPlan } from '../../sim/run/run-plan.ts';

export async function keepsPromises(seeds: Iterable<number>): Promise<number> {
  let accepted = 0;
  for (const seed of seeds) {
    const outcome = await withoutStacks(() => runPlan(planOf(seed)));
    assert.is(outcome.violations.length, 0, report(outcome, outcome).join('\n'));
    accepted += outcome.accepted;
  }
  return accepted;
}

/** From `first` on, every second one: even seeds come to rest, odd ones stop in the middle. */
export function everySecond(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + 2 * index);
}
