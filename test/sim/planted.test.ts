/** The checks notice: every planted bug is in the table, and shows at the seed that the table names, or else within 2,000. */
import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';

import { faultKinds } from '../../sim/faults/fault-kinds.ts';
import { plants } from '../../sim/planted/plants.ts';
import { firstNotice } from '../../sim/run/try-plants.ts';
import { suite } from '../support/suite.ts';

const test = suite('planted bugs');
const table = await readFile(new URL('../../docs/planted-bugs.md', import.meta.url), 'utf8');
const seeds = new Map(
  [...table.matchAll(/^\| `([a-z0-9-]+)` \|.*\| (\d+) \|$/gm)].map(([, name = '', seed]) => [name, Number(seed)]),
);

test('there are at least 25, and the table has each of them as caught', () => {
  assert.ok(plants.length >= 25, `${plants.length}`);
  assert.equal(
    [...seeds.keys()],
    plants.map(({ name }) => name),
  );
  assert.match(table, new RegExp(`${plants.length} of ${plants.length} planted bugs caught`));
});

// A change of the roles moves what happens at a seed, and the seed of the table may not be the first any more.
for (const plant of plants) {
  test(`noticed: ${plant.what}`, async () => {
    const known = seeds.get(plant.name) ?? 1;
    const by =
      (await firstNotice({ seed: known, seeds: 1, faults: faultKinds }, plant)) ??
      (await firstNotice({ seed: 1, seeds: 2_000, faults: faultKinds }, plant));
    assert.ok(by !== undefined, 'it escaped');
  }, 100_000);
}

test.run();
