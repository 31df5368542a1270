/** Writes down every table as it is when the run is over. */
import { Client } from 'pg';
import { files } from './checker/read-run.ts';
import type { Recorder } from './recorder.ts';
import type { Place } from './checker/cursor-id.ts';

export async function keepTables(databaseUrl: string, recorder: Recorder): Promise<void> {
  await asking(databaseUrl, async (client) => {
    for (const row of (await client.query<object>(rowsSql)).rows) recorder.add(files.rows, row);
    for (const entry of (await client.query<object>(journalSql)).rows) recorder.add(files.journal, entry);
    recorder.write('cursors.json', (await client.query<object>(cursorsSql)).rows);
  });
}

/** The last entry of the journal. */
export async function journalEnd(databaseUrl: string): Promise<Place> {
  return asking(databaseUrl, async (client) => {
    const { rows } = await client.query<Place>(
      'select xid::text::float8 as xid, position::float8 as position from transaction_event order by xid desc, position desc limit 1',
    );
    return rows[0] ?? { xid: 0, position: 0 };
  });
}

export async function countRows(databaseUrl: string): Promise<{ readonly opened: number; readonly settled: number }> {
  return asking(databaseUrl, async (client) => {
    const { rows } = await client.query<{ opened: number; settled: number }>(
      `select count(*)::int as opened, count(*) filter (where status <> 'PENDING')::int as settled from transaction`,
    );
    return rows[0] ?? { opened: 0, settled: 0 };
  });
}

export async function asking<T>(databaseUrl: string, ask: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000, query_timeout: 30_000 });
  client.on('error', () => undefined); // the same failure rejects the query
  try {
    await client.connect();
    return await ask(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const decisionSql = (column: string): string =>
  `case when ${column} is null then null else jsonb_build_object('outcome', ${column} ->> 'outcome', 'reasons', ${column} -> 'reasons', 'decidedBy', ${column} ->> 'decidedBy') end`;

const rowsSql = `select id::text as id, client_id as client, idempotency_key as key, status, version::int as version,
  debit_account_id::text as debit, credit_account_id::text as credit, transfer_type_id as "typeId", amount_minor::float8 as "amountMinor",
  digits::int as digits, (extract(epoch from decide_by) * 1000)::float8 as "decideByMs", ${decisionSql('decision')} as decision
  from transaction order by id`;

const journalSql = `select transaction_id::text as "transactionId", xid::text::float8 as xid, position::float8 as position, version::int as version,
  type, ${decisionSql('data')} as decision, (extract(epoch from recorded_at) * 1000)::float8 as "recordedAtMs"
  from transaction_event order by transaction_event.xid, transaction_event.position`;

const cursorsSql = `select name, xid::text as xid, position::text as position, saved_at from journal_cursor`;
