/** The migrate role says what it waits for, and ends when it is asked to, however long the database is away. */
import * as assert from 'uvu/assert';

import { systemClock } from '../../src/platform/clock.ts';
import { systemEntropy } from '../../src/platform/entropy.ts';
import { openMetrics } from '../../src/platform/metrics/metrics.ts';
import { loadConfig } from '../../src/roles/config/load.ts';
import { migrate } from '../../src/roles/migrate.ts';
import { suite } from '../support/suite.ts';

const test = suite('migrate');

test('a database that is away is waited for aloud, until the signal', async () => {
  // Nobody listens on port 1.
  const env = { DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/nothing' };
  const loaded = loadConfig({ argv: ['--role', 'migrate'], env });
  if (loaded.kind !== 'config') throw new Error('the configuration is right');
  const ending = new AbortController();
  const said: string[] = [];
  const say = (_fields: object, message: string): void => {
    said.push(message);
    ending.abort();
  };
  const log = { debug: say, info: say, warn: say, error: say, fatal: say };
  const fail = (error: unknown): never => {
    throw error;
  };
  const world = { clock: systemClock, entropy: systemEntropy, metrics: openMetrics({ role: 'migrate' }) };
  await migrate({ ...world, config: loaded.config, log, signal: ending.signal, fail });
  assert.equal(said, ['waiting for the database']);
}, 5_000);

test.run();
