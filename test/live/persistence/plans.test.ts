/** Every lookup goes by index, whatever the tables held and the server knew of them at the moment of planning. */
import * as assert from 'uvu/assert';
import pg from 'pg';

import { migrate } from '../../../src/persistence/migrate.ts';
import { journalStart } from '../../../src/persistence/cursor.ts';
import { sqlStatements } from '../../../src/persistence/sql/sql-statements.ts';
import type { Statements } from '../../../src/persistence/statements.ts';
import type { Database } from '../../../src/platform/database/database.ts';
import { plansByIndex } from '../../../src/platform/database/plans.ts';
import { openTestPostgres } from '../../support/postgres.ts';
import { liveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { approval, openedTransaction } from '../../support/transactions.ts';

const test = suite('plans of the lookups on PostgreSQL');

test('on empty tables, on grown ones without statistics, and on analyzed ones', async () => {
  const services = await liveServices();
  const url = await services.freshDatabase();
  const database = openTestPostgres(url);
  try {
    await migrate(database);
    const texts = await lookupsOf(database);
    assert.ok(texts.length >= 11, `only ${texts.length} lookups were met`);
    await holdsFor(url, texts);
    await database.query(fill, []);
    await holdsFor(url, texts);
    await database.query('analyze', []);
    await holdsFor(url, texts);
  } finally {
    await database[Symbol.asyncDispose]();
    await services[Symbol.asyncDispose]();
  }
});

/** The texts of all lookups, by asking every one of them once. */
async function lookupsOf(database: Database): Promise<readonly string[]> {
  const texts = new Set<string>();
  const statements = sqlStatements({
    ...database,
    lookup: (text, values) => {
      texts.add(text);
      return database.lookup(text, values);
    },
  });
  await askAll(statements);
  return [...texts];
}

async function askAll(statements: Statements): Promise<void> {
  const transaction = openedTransaction(1);
  const { clientId, id, idempotencyKey: key } = transaction;
  await statements.open([{ transaction, answerVersion: null }]);
  await statements.fixAnswers([{ id, version: 1 }]);
  const event = { type: 'TransactionApproved', at: approval.decidedAt, decision: approval } as const;
  await statements.change([{ id, expectedVersion: 1, event }]);
  await statements.load([id]);
  await statements.read([{ clientId, id }]);
  await statements.loadByKey([{ clientId, key }]);
  await statements.stillPending([id]);
  await statements.history(clientId, id);
  await statements.readJournal(journalStart, 10);
  await statements.lookUpCursor({ xid: 1n, position: 1n });
  const turn = await statements.takeTurn('a-turn');
  await statements.saveCursor('a-cursor', journalStart);
  await statements.saveCursor('a-cursor', journalStart, turn);
  await statements.loadCursor('a-cursor');
}

const fill = `with t as (
    insert into transaction (id, client_id, idempotency_key, debit_account_id, credit_account_id, transfer_type_id, transfer_type_name,
      amount_minor, digits, created_at, decide_by, status, version)
    select gen_random_uuid(), 'c', n::text, gen_random_uuid(), gen_random_uuid(), 1, 'TRANSFER', 100, 2, now(), now(), 'PENDING', 1
    from generate_series(1, 20000) as n returning id
  ) insert into transaction_event (transaction_id, version, type, at) select id, 1, 'TransactionOpened', now() from t`;

async function holdsFor(url: string, texts: readonly string[]): Promise<void> {
  const options = plansByIndex.map(([name, value]) => `-c ${name}=${value}`).join(' ');
  const client = new pg.Client({ connectionString: url, options });
  await client.connect();
  try {
    for (const text of texts) {
      const plan = await planOf(client, text);
      const nodes = plan.filter((line) => / on (?:transaction|transaction_event|journal_cursor) /.test(line));
      assert.not.match(plan.join('\n'), /Seq Scan on (?!pg_)|Hash Join|Merge Join|Bitmap/);
      for (const node of nodes.filter((line) => line.includes('Index'))) {
        assert.match(plan[plan.indexOf(node) + 1] ?? '', 'Index Cond', `${text}\n${plan.join('\n')}`);
      }
    }
  } finally {
    await client.end();
  }
}

async function planOf(client: pg.Client, text: string): Promise<readonly string[]> {
  const count = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  const nulls = count === 0 ? '' : `(${Array.from({ length: count }, () => 'null').join(', ')})`;
  await client.query(`prepare planned as ${text}`);
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain execute planned${nulls}`);
  await client.query('deallocate planned');
  return rows.map((row) => row['QUERY PLAN']);
}

test.run();
