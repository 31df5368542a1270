/** No statement of a running service reads a table from its beginning: with statistics of many rows, none that was asked raises the database's count of whole scans. */
import * as assert from 'uvu/assert';

import { accountAt } from '../../bench/load/requests.ts';
import { idsOf, seed } from '../../bench/growth/seed.ts';
import type { Ask } from '../../bench/growth/seed.ts';
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import { migrate, ormOptions } from '../../src/persistence/migrate.ts';
import { lowestId } from '../../src/persistence/sql/list.ts';
import { countBacklog, readHorizonAge } from '../../src/persistence/sql/measures.ts';
import { sqlStatements } from '../../src/persistence/sql/sql-statements.ts';
import type { Statements } from '../../src/persistence/statements.ts';
import type { Database, SqlValue } from '../../src/platform/database/database.ts';
import { openPglite } from '../../src/platform/database/pglite.ts';
import { parseAccountId, parseTransactionId } from '../../src/transaction/ids.ts';
import type { ClientId, TransactionId } from '../../src/transaction/ids.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction } from '../support/transactions.ts';

const test = suite('whole scans');
const total = 20_000;
const nowMs = Date.UTC(2026, 10, 26);
const client = 'local' as ClientId;
let database: Database;
let statements: Statements;
let ask: Ask;
let ids: readonly TransactionId[];
let horizon: JournalCursor;

test.before(async () => {
  database = await openPglite({ directory: undefined, orm: ormOptions });
  await migrate(database);
  statements = sqlStatements(database);
  ask = (sql, values = []) => database.query(sql, values as readonly SqlValue[]);
  const seeded = await seed([ask, ask], { total, nowMs });
  ids = (await idsOf(ask, seeded, [5, 10_000, 19_000])).flatMap((id) => parseTransactionId(id) ?? []);
  horizon = await statements.horizon();
});
test.after(() => database[Symbol.asyncDispose]());

/** Younger than all that was loaded. */
function youngId(number: number): TransactionId {
  const id = parseTransactionId(lowestId(nowMs).replace(/.{12}$/, number.toString().padStart(12, '0')));
  if (id === undefined) throw new Error(`${number} makes no id`);
  return id;
}

const sql = `select coalesce(sum(seq_scan), 0)::int as scans from pg_stat_user_tables where relname in ('transaction', 'transaction_event')`;

async function scansBy(work: () => Promise<unknown>): Promise<number> {
  const told = async (): Promise<number> => {
    await ask('select pg_stat_force_next_flush()');
    const [row] = await ask<{ scans: number }>(sql);
    return row?.scans ?? Number.NaN;
  };
  const before = await told();
  await work();
  return (await told()) - before;
}

test('a whole scan is noticed', async () => {
  assert.is(await scansBy(() => statements.countByStatus()), 1);
});

test('writing, and pages of what is pending while there is some', async () => {
  const batch = Array.from({ length: 50 }, (_, index) => openedTransaction(index, { id: youngId(index) }));
  const event = { type: 'TransactionApproved', at: 0, decision: approval } as const;
  const pending = { clientId: client, limit: 51, status: 'PENDING' } as const;
  const writes = {
    open: () => statements.open(batch.map((transaction) => ({ transaction, answerVersion: 1 }))),
    'pending page': async () => assert.is((await statements.list(pending)).length, 50),
    change: () => statements.change(batch.map(({ id }) => ({ id, expectedVersion: 1, event }))),
    'fix answers': () => statements.fixAnswers([{ id: youngId(1), version: 1 }]),
  };
  for (const [name, write] of Object.entries(writes)) assert.is(await scansBy(write), 0, name);
});

test('reading what is asked for by name', async () => {
  const [id] = ids;
  assert.ok(id);
  if (id === undefined) return;
  const [stored] = await statements.load([id]);
  assert.ok(stored);
  const key = stored?.transaction.opened.idempotencyKey;
  const reads = {
    load: () => statements.load(ids),
    read: () => statements.read(ids.map((each) => ({ clientId: client, id: each }))),
    'load by key': () => statements.loadByKey(key === undefined ? [] : [{ clientId: client, key }]),
    history: () => statements.history(client, id),
    'still pending': () => statements.stillPending(ids),
  };
  for (const [name, read] of Object.entries(reads)) assert.is(await scansBy(read), 0, name);
});

test('pages, from their beginning and from deep inside', async () => {
  const [, middle] = ids;
  const account = parseAccountId(accountAt(3));
  assert.ok(account && middle);
  if (account === undefined || middle === undefined) return;
  for (const more of [{}, { before: middle }, { account }, { status: 'REJECTED' }, { status: 'PENDING' }] as const) {
    assert.is(await scansBy(() => statements.list({ clientId: client, limit: 51, ...more })), 0, JSON.stringify(more));
  }
});

test('readers of the journal, at its end and in the middle', async () => {
  const [, middle = ids[0]] = ids;
  const [row] = await ask<{ xid: string; position: string }>(
    'select xid::text as xid, position::text as position from transaction_event where transaction_id = $1::uuid limit 1',
    [middle],
  );
  const inside = { xid: BigInt(row?.xid ?? 0), position: BigInt(row?.position ?? 0) };
  for (const after of [horizon, inside]) {
    assert.is(await scansBy(() => statements.readJournal(after, 500)), 0, 'all');
    assert.is(await scansBy(() => statements.readJournal(after, 500, 'terminal')), 0, 'terminal');
    assert.is(await scansBy(() => statements.walkPending(after, 0, 2_000)), 0, 'walk');
    assert.is(await scansBy(() => statements.lookUpCursor(after)), 0, 'knows');
  }
});

test('what a scrape asks', async () => {
  assert.is(await scansBy(() => countBacklog(database, 'relay', 100)), 0, 'backlog');
  assert.is(await scansBy(() => countBacklog(database, 'nobody', 100)), 0, 'backlog of a reader without a place');
  assert.is(await scansBy(() => readHorizonAge(database)), 0, 'age of the horizon');
});

test.run();
