/** The README's table of the configuration is the one that the schema gives. */
import { spawnSync } from 'node:child_process';

import * as assert from 'uvu/assert';

import { suite } from '../support/suite.ts';

const test = suite('configuration table');

test('README.md holds the table of the schema', () => {
  const { status, stderr } = spawnSync(process.execPath, ['tools/config-table.ts', '--check'], { encoding: 'utf8' });
  assert.is(status, 0, stderr);
});

test.run();
