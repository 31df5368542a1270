/** What is loaded beforehand looks to Verdict as if it had come by itself: its own statements read it, its journal tells it, and its readers stand at the end of it. */
import * as assert from 'uvu/assert';

import { indexesSql } from '../../bench/growth/seed-sql.ts';
import { idsOf, seed } from '../../bench/growth/seed.ts';
import type { Ask, Seeded } from '../../bench/growth/seed.ts';
import { journalStart } from '../../src/persistence/cursor.ts';
import { migrate, ormOptions } from '../../src/persistence/migrate.ts';
import { sqlStatements } from '../../src/persistence/sql/sql-statements.ts';
import type { Statements } from '../../src/persistence/statements.ts';
import type { Database, SqlValue } from '../../src/platform/database/database.ts';
import { openPglite } from '../../src/platform/database/pglite.ts';
import type { ClientId } from '../../src/transaction/ids.ts';
import { createdAtOf, parseAccountId, parseTransactionId } from '../../src/transaction/ids.ts';
import { accountAt } from '../../bench/load/requests.ts';
import { suite } from '../support/suite.ts';

const test = suite('growth: rows loaded beforehand');
const total = 200;
const nowMs = Date.UTC(2026, 10, 26);
const client = 'local' as ClientId;
let database: Database;
let statements: Statements;
let ask: Ask;
let indexesBefore: readonly unknown[];
let seeded: Seeded;

test.before(async () => {
  database = await openPglite({ directory: undefined, orm: ormOptions });
  await migrate(database);
  statements = sqlStatements(database);
  // Values of a bench are what the database takes.
  ask = (sql, values = []) => database.query(sql, values as readonly SqlValue[]);
  indexesBefore = await ask(`${indexesSql} order by 1`);
  seeded = await seed([ask, ask], { total, nowMs });
});
test.after(() => database[Symbol.asyncDispose]());

test('each is terminal, once, one in ten rejected, with keys of its own', async () => {
  assert.equal(Object.fromEntries(await statements.countByStatus()), { APPROVED: 180, REJECTED: 20 });
  const [{ keys, accounts } = { keys: 0, accounts: 0 }] = await ask<{ keys: number; accounts: number }>(
    `select count(distinct idempotency_key)::int as keys, count(distinct debit_account_id)::int as accounts from transaction`,
  );
  assert.is(keys, total);
  assert.ok(accounts > 150, `${accounts} accounts`);
});

test('the journal tells each as opened and then as decided, in the past, and nothing else', async () => {
  const { entries, more } = await statements.readJournal(journalStart, 1_000);
  assert.is(entries.length, 2 * total);
  assert.not(more);
  const seen = new Map<string, string[]>();
  for (const { event, transaction } of entries) {
    const { id, createdAt } = transaction.opened;
    seen.set(id, [...(seen.get(id) ?? []), event.type]);
    assert.is(createdAtOf(id), createdAt);
    assert.ok(event.at < nowMs - 3_000_000 && event.at >= createdAt, `${event.at}`);
  }
  assert.is(seen.size, total);
  for (const types of seen.values()) {
    assert.is(types[0], 'TransactionOpened');
    assert.match(types[1] ?? '', /^Transaction(Approved|Rejected)$/);
    assert.is(types.length, 2);
  }
});

test('every row lies before the horizon, so that a reader that starts now meets none of them', async () => {
  const page = await statements.readJournal(await statements.horizon(), 1_000);
  assert.is(page.entries.length, 0);
  for (const name of ['relay', 'relay-floor', 'pending']) {
    const cursor = await statements.loadCursor(name);
    assert.ok(cursor, name);
    assert.is((await statements.readJournal(cursor ?? journalStart, 1_000)).entries.length, 0, name);
  }
});

test('ids are found again by their numbers, and are those of the rows, the youngest last', async () => {
  const numbers = [0, 7, 199];
  const ids = (await idsOf(ask, seeded, numbers)).flatMap((id) => parseTransactionId(id) ?? []);
  assert.is((await statements.load(ids)).length, numbers.length);
  const [newest] = await statements.list({ clientId: client, limit: 1 });
  assert.is(newest?.opened.id, ids.at(-1));
  const history = await statements.history(client, ids[1] ?? ('' as never));
  assert.equal(
    history.map(({ event }) => event.type),
    ['TransactionOpened', 'TransactionApproved'],
  );
});

test('their accounts are those of the load', async () => {
  const counts = await Promise.all(
    Array.from({ length: 20_000 / 200 }, async (_, index) => {
      const accounts = Array.from({ length: 200 }, (_, at) => accountAt(index * 200 + at));
      return ask<{ count: number }>(
        `select count(*)::int as count from transaction where debit_account_id = any($1::uuid[])`,
        [accounts],
      );
    }),
  );
  assert.is(
    counts.flat().reduce((sum, { count }) => sum + count, 0),
    total,
  );
  assert.ok(parseAccountId(accountAt(3)));
});

test('the schema has every index that it had', async () => {
  assert.equal(await ask(`${indexesSql} order by 1`), indexesBefore);
  assert.is(indexesBefore.length, 7);
});

test('numbers that are not whole batches are refused', async () => {
  let refused: unknown;
  await seed([ask, ask], { total: 70, nowMs }).catch((error: unknown) => (refused = error));
  assert.instance(refused, RangeError);
});

test.run();
