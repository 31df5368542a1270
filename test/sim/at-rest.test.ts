/** A thousand runs whose faults end: no promise is broken, and everything comes to rest. */
import * as assert from 'uvu/assert';

import { planOf } from '../../sim/plan/plan.ts';
import { runPlan } from '../../sim/run/run-plan.ts';
import { suite } from '../support/suite.ts';
import { everySecond, keepsPromises } from './keeps-promises.ts';

const test = suite('runs that come to rest');

test('without faults processes count exactly what the journal holds', async () => {
  for (let seed = 2; seed <= 40; seed += 2) {
    const { violations, plan } = await runPlan(planOf(seed, []));
    assert.is(plan.faults.length, 0);
    assert.equal(violations, []);
  }
}, 30_000);

test('with faults everything is terminal, published, read and consumed within a minute after the last', async () => {
  const seeds = everySecond(2, 1_000);
  assert.ok(planOf(seeds[0] ?? 0).quiet);
  assert.ok((await keepsPromises(seeds)) > 3_000, 'few transactions were accepted');
}, 110_000);

test.run();
