/** The prune role tells how far it got and puts it on record, also when it is asked to end in the middle. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as assert from 'uvu/assert';

import { migrate, ormOptions } from '../../src/persistence/migrate.ts';
import { sqlStatements } from '../../src/persistence/sql/sql-statements.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { openPglite } from '../../src/platform/database/pglite.ts';
import { systemEntropy } from '../../src/platform/entropy.ts';
import { openMetrics } from '../../src/platform/metrics/metrics.ts';
import { loadConfig } from '../../src/roles/config/load.ts';
import { prune } from '../../src/roles/prune.ts';
import { journalReaders } from '../../src/streams/journal-readers.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction } from '../support/transactions.ts';

const test = suite('prune role');
let directory: string;

test.before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'verdict-prune-'));
});
test.after(() => rm(directory, { recursive: true, force: true }));

async function inDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  await using database = await openPglite({ directory, orm: ormOptions });
  return await work(database);
}

/** Old, terminal, and passed by everybody. */
async function fill(database: Database, count: number): Promise<void> {
  await migrate(database);
  const statements = sqlStatements(database);
  const batch = Array.from({ length: count }, (_, number) => openedTransaction(number));
  await statements.open(batch.map((transaction) => ({ transaction, answerVersion: 1 })));
  const event = { type: 'TransactionApproved', at: 0, decision: approval } as const;
  await statements.change(batch.map(({ id }) => ({ id, expectedVersion: 1, event })));
  await database.query(`update transaction_event set recorded_at = 'epoch'`, []);
  for (const name of journalReaders) await statements.saveCursor(name, await statements.horizon());
}

/** What it says, with what; the signal aborts when it says `endAt`. */
async function run(endAt: string): Promise<readonly (readonly [message: string, fields: object])[]> {
  const argv = ['--role', 'prune', '--data-dir', directory, '--older-than', '90d'];
  const env = { VERDICT_PRUNE_BATCH_MAX: '1', VERDICT_PRUNE_BUSY_PERCENT_MAX: '100' };
  const loaded = loadConfig({ argv, env });
  if (loaded.kind !== 'config') throw new Error('the configuration is right');
  const ending = new AbortController();
  const said: (readonly [string, object])[] = [];
  const say = (fields: object, message: string): void => {
    said.push([message, { ...fields }]);
    if (message === endAt) ending.abort();
  };
  const fail = (error: unknown): never => {
    throw error;
  };
  const log = { debug: say, info: say, warn: say, error: say, fatal: say };
  const world = { clock: systemClock, entropy: systemEntropy, metrics: openMetrics({ role: 'prune' }) };
  await prune({ ...world, config: loaded.config, log, signal: ending.signal, fail });
  return said;
}

test('asked to end it stops between two batches; the next one does the rest; both are on record', async () => {
  await inDatabase((database) => fill(database, 120));
  const counts = { part: 'prune', dryRun: false, pending: 0, held: 0 };
  const half = { ...counts, transactions: 50, journalRows: 100, complete: false };
  assert.equal(await run('pruning'), [
    ['pruning', half],
    ['pruned', { ...half, batches: 50 }],
  ]);
  const rest = await run('never');
  assert.equal(rest.at(-1), ['pruned', { ...counts, transactions: 70, journalRows: 140, complete: true, batches: 71 }]);
  const rows = await inDatabase((database) =>
    database.query(`select outcome, (detail->'transactions')::int as count from operator_action order by id`, []),
  );
  assert.equal(rows, [
    { outcome: 'done', count: 50 },
    { outcome: 'done', count: 70 },
  ]);
}, 60_000);

test.run();
