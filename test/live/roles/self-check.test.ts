/** A process refuses a database that may lose what it acknowledged, and a clock that would decide about money, and says what to do. */
import * as assert from 'uvu/assert';

import { faultsOf } from '../../../src/roles/self-check.ts';
import { runVerdict } from '../../../tools/run/verdict-process.ts';
import { openTestPostgres } from '../../support/postgres.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';

const test = suite('self-check');
let services: LiveServices;

test.before(async () => {
  services = await liveServices();
});
test.after(() => services[Symbol.asyncDispose]());

const sound = { fsync: 'on', synchronous_commit: 'on', now_ms: 1_000_000 };

test('a sound server has no faults, also when its answer took long', () => {
  assert.equal(faultsOf(sound, { sentAt: 999_999, answeredAt: 1_000_001 }), []);
  assert.equal(faultsOf(sound, { sentAt: 980_000, answeredAt: 1_020_000 }), []);
});

test('a clock that is ahead and one that is behind are told by how much', () => {
  assert.match(faultsOf(sound, { sentAt: 1_600_000, answeredAt: 1_600_001 }).join(), /differ by 600000 ms/);
  assert.match(faultsOf(sound, { sentAt: 399_999, answeredAt: 400_000 }).join(), /differ by 600000 ms/);
});

test('a server without fsync is refused', () => {
  assert.match(
    faultsOf({ ...sound, fsync: 'off' }, { sentAt: 1_000_000, answeredAt: 1_000_000 }).join(),
    /fsync = off/,
  );
});

test('a role on a database that commits before the disk has it does not start', async () => {
  const url = await services.freshDatabase();
  {
    await using database = openTestPostgres(url);
    const name = new URL(url).pathname.slice(1);
    await database.query(`alter database ${name} set synchronous_commit = off`, []);
  }
  const ended = await runVerdict({ role: 'standalone', args: ['--port', '0'], env: { DATABASE_URL: url } }).then(
    () => 'started',
    String,
  );
  assert.match(ended, /synchronous_commit = off/);
});

test.run();
