/** A thousand runs that are stopped in the middle of everything: nothing that is visible by then breaks a promise. */
import * as assert from 'uvu/assert';

import { planOf } from '../../sim/plan/plan.ts';
import { suite } from '../support/suite.ts';
import { everySecond, keepsPromises } from './keeps-promises.ts';

const test = suite('runs that stop in the middle');

test('no seed violates anything', async () => {
  const seeds = everySecond(1, 1_000);
  assert.not(planOf(seeds[0] ?? 0).quiet);
  assert.ok((await keepsPromises(seeds)) > 2_500, 'few transactions were accepted');
}, 110_000);

test.run();
