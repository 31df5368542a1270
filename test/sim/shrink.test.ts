/** A failing seed is made small: what it fails without is taken out, and what is left still fails by the same clause. */
import * as assert from 'uvu/assert';

import { planOf } from '../../sim/plan/plan.ts';
import { plants } from '../../sim/planted/plants.ts';
import { report } from '../../sim/run/report.ts';
import { runPlan } from '../../sim/run/run-plan.ts';
import { shrink } from '../../sim/run/shrink.ts';
import { suite } from '../support/suite.ts';

const test = suite('shrinking');

test('a bug that needs no fault is shown without any', async () => {
  const plant = plants.find(({ name }) => name === 'reads-from-replica');
  const outcome = await failing(async (seed) => runPlan(planOf(seed), plant));
  const small = await shrink(outcome, plant);
  assert.is(small.plan.faults.length, 0);
  assert.is(small.plan.intents.length, 1);
  assert.is(small.violations[0]?.clause, outcome.violations[0]?.clause);
  const text = report(outcome, small).join('\n');
  assert.match(text, /^seed \d+ violates /);
  assert.match(text, /^history [0-9a-f]{16}$/m);
}, 60_000);

async function failing(run: (seed: number) => ReturnType<typeof runPlan>): ReturnType<typeof runPlan> {
  for (let seed = 1; seed <= 200; seed += 1) {
    const outcome = await run(seed);
    if (outcome.violations.length > 0 && outcome.plan.faults.length > 2) return outcome;
  }
  throw new Error('nothing failed');
}

test.run();
