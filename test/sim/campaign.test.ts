/** A few hundred seeds with every kind of fault keep all promises. */
import * as assert from 'uvu/assert';

import { planOf } from '../../sim/plan/plan.ts';
import { withoutStacks } from '../../sim/run/campaign.ts';
import { runPlan } from '../../sim/run/run-plan.ts';
import { report } from '../../sim/run/report.ts';
import { suite } from '../support/suite.ts';

const test = suite('a small campaign');

test('three hundred seeds violate nothing, and half of them come to rest', async () => {
  let [accepted, rested] = [0, 0];
  for (let seed = 1; seed <= 300; seed += 1) {
    const outcome = await withoutStacks(() => runPlan(planOf(seed)));
    assert.is(outcome.violations.length, 0, report(outcome, outcome).join('\n'));
    accepted += outcome.accepted;
    if (outcome.plan.quiet) rested += 1;
  }
  assert.is(rested, 150);
  assert.ok(accepted > 1_000, `only ${accepted} transactions were accepted`);
}, 110_000);

test('without faults processes count exactly what the journal holds', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { violations, plan } = await runPlan(planOf(seed, []));
    assert.is(plan.faults.length, 0);
    assert.equal(violations, []);
  }
}, 30_000);

test.run();
