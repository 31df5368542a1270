/** One seed is one run: the same history, twice in one process and in another one. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';

import { planOf } from '../../sim/plan/plan.ts';
import { runPlan } from '../../sim/run/run-plan.ts';
import { suite } from '../support/suite.ts';

const test = suite('determinism of the simulator');
const seeds = [1, 2, 7, 18, 64, 99];

test('a seed makes the same plan and the same history again, whatever ran in between', async () => {
  const first: string[] = [];
  for (const seed of seeds) first.push((await runPlan(planOf(seed))).hash);
  for (const [index, seed] of seeds.toReversed().entries()) {
    assert.equal(planOf(seed), planOf(seed));
    assert.is((await runPlan(planOf(seed))).hash, first[seeds.length - 1 - index], `seed ${seed}`);
  }
  assert.is(new Set(first).size, seeds.length);
});

test('another process sees the same history', async () => {
  const here = (await runPlan(planOf(18))).hash;
  const main = new URL('../../sim/main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [main, '--seed', '18', '--seeds', '1', '--verbose']);
  assert.match(stdout, new RegExp(`^history ${here}$`, 'm'));
}, 60_000);

test.run();
