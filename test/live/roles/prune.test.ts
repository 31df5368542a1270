/** A prune that is killed leaves nothing torn and may be started again, twice at once too, beside transactions that are opened and settled all the while. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import * as assert from 'uvu/assert';

import { migrate } from '../../../src/persistence/migrate.ts';
import { sqlStatements } from '../../../src/persistence/sql/sql-statements.ts';
import type { Statements } from '../../../src/persistence/statements.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { Database } from '../../../src/platform/database/database.ts';
import { journalReaders } from '../../../src/streams/journal-readers.ts';
import { mainPath, runVerdict } from '../../../tools/run/verdict-process.ts';
import { openTestPostgres } from '../../support/postgres.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { approval, openedTransaction } from '../../support/transactions.ts';
import { within } from '../../support/within.ts';

const test = suite('prune role on PostgreSQL');
let services: LiveServices;
let database: Database;
let statements: Statements;
let url: string;

test.before(async () => {
  services = await liveServices();
  url = await services.freshDatabase();
  database = openTestPostgres(url);
  await migrate(database);
  statements = sqlStatements(database);
});
test.after(async () => {
  await database[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

async function settled(first: number, count: number): Promise<void> {
  const batch = Array.from({ length: count }, (_, index) => openedTransaction(first + index));
  await statements.open(batch.map((transaction) => ({ transaction, answerVersion: 1 })));
  const event = { type: 'TransactionApproved', at: 0, decision: approval } as const;
  await statements.change(batch.map(({ id }) => ({ id, expectedVersion: 1, event })));
}

async function counted(sql: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(`select count(*)::int as count from ${sql}`, []);
  return row?.count ?? -1;
}

const torn = `transaction_event e full join transaction t on t.id = e.transaction_id where t.id is null or e.transaction_id is null`;

test('killed, then twice at once, while others write', async () => {
  // Numbers are milliseconds of 2026.
  const [old, young] = [3_000, systemClock.now() - Date.UTC(2026, 0, 1)];
  await settled(0, old);
  await database.query(`update transaction_event set recorded_at = 'epoch'`, []);
  let writing = true;
  let written = 0;
  const writer = (async () => {
    while (writing) {
      await settled(young + written, 10);
      written += 10;
    }
  })();
  for (const name of journalReaders) await statements.saveCursor(name, await statements.horizon());

  const env = { DATABASE_URL: url, VERDICT_PRUNE_BATCH_MAX: '5', VERDICT_PRUNE_BUSY_PERCENT_MAX: '50' };
  const args = ['--role', 'prune', '--older-than', '90d'];
  const { PATH = '' } = process.env;
  const victim = spawn(process.execPath, [mainPath, ...args], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  victim.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await within(20_000, 'a line of progress', () => said.includes('"message":"pruning"'));
  victim.kill('SIGKILL');
  await once(victim, 'close');
  const left = await counted(`transaction where id < '${openedTransaction(young).id}'`);
  assert.ok(left > 0 && left <= old - 250, `${left} left`);
  assert.is(await counted(torn), 0);

  const rest = { role: 'prune', args: args.slice(2), env };
  await Promise.all([runVerdict(rest), runVerdict(rest)]);
  writing = false;
  await writer;
  assert.is(await counted(`transaction where id < '${openedTransaction(young).id}'`), 0);
  assert.is(await counted('transaction'), written);
  assert.is(await counted('transaction_event'), 2 * written);
  assert.is(await counted(torn), 0);
  assert.is(await counted(`operator_action where action = 'prune' and outcome = 'begun'`), 1);
  assert.is(await counted(`operator_action where action = 'prune' and outcome = 'done'`), 2);
}, 90_000);

test.run();
