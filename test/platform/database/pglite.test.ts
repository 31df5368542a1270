/** The embedded database keeps the contract, and its directory belongs to one process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';

import { ormOptions } from '../../../src/persistence/migrate.ts';
import { claimDirectory } from '../../../src/platform/database/claim-directory.ts';
import type { Database } from '../../../src/platform/database/database.ts';
import { openPglite } from '../../../src/platform/database/pglite.ts';
import { Failure } from '../../../src/platform/failure.ts';
import { suite } from '../../support/suite.ts';
import { databaseContract } from './database.contract.ts';

const test = suite('PGlite');
let database: Database;
let directory: string;

test.before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'verdict-pglite-'));
  database = await openPglite({ directory: join(directory, 'data'), orm: ormOptions });
});
test.after(async () => {
  await database[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

databaseContract(test, () => database);

test('what was committed is there after closing and opening', async () => {
  const path = join(directory, 'again');
  {
    await using first = await openPglite({ directory: path, orm: ormOptions });
    await first.query('create table kept (id int)', []);
    await first.query('insert into kept values (1)', []);
  }
  await using second = await openPglite({ directory: path, orm: ormOptions });
  assert.equal(await second.query('select id from kept', []), [{ id: 1 }]);
});

test('a second one on the same directory is refused and told what to do', async () => {
  const failure = await openPglite({ directory: join(directory, 'data'), orm: ormOptions }).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.instance(failure, Failure);
  assert.match(String(failure), new RegExp(`in use by process ${process.pid}.*--data-dir`));
});

test('the claim of a dead process gives way, also where its id lives on in another process', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  for (const pid of [child.pid, process.pid]) {
    const path = await mkdtemp(join(directory, 'claim-'));
    await writeFile(join(path, 'in-use-by.3.json'), JSON.stringify({ pid, host: hostname(), startedAt: '1' }));
    const giveFree = await claimDirectory(path);
    await giveFree();
  }
});

test('a claim from another host is never taken for dead', async () => {
  const path = await mkdtemp(join(directory, 'claim-'));
  await writeFile(join(path, 'in-use-by.3.json'), JSON.stringify({ pid: 1, host: 'elsewhere', startedAt: null }));
  const refusal = await claimDirectory(path).then(() => undefined, String);
  assert.match(refusal ?? '', /process 1 on host elsewhere.*delete/);
});

test('a claim that nobody finished writing gives way', async () => {
  const path = await mkdtemp(join(directory, 'claim-'));
  await writeFile(join(path, 'in-use-by.3.json'), '{"pid":');
  await (
    await claimDirectory(path)
  )();
});

test('of many that claim a stale directory at once, one gets it', async () => {
  const path = await mkdtemp(join(directory, 'claim-'));
  await writeFile(join(path, 'in-use-by.3.json'), JSON.stringify({ pid: 1, host: hostname(), startedAt: 'never' }));
  for (let round = 0; round < 20; round += 1) {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => claimDirectory(path)));
    const held = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    assert.is(held.length, 1);
    await held[0]?.();
  }
});

test.run();
