/** Looks at the rows that a run has left behind, and names every broken guarantee with how often it was broken and one transaction to look at. */
import { Client } from 'pg';

export type Acknowledged = {
  /** Every idempotency key that was ever sent. */
  readonly keys: Iterable<string>;
  /** The key and id of each 201. */
  readonly opened: Iterable<{ readonly key: string; readonly id: string }>;
};

export type Violation = {
  readonly guarantee: 'I1' | 'I2' | 'I3' | 'I4' | 'I8';
  readonly what: string;
  readonly count: number;
  readonly witness: string;
};

export type Row = { readonly id: string; readonly key: string; readonly status: 'PENDING' | 'APPROVED' | 'REJECTED' };

/** A database at rest: nothing may be PENDING any more. */
export async function violations(databaseUrl: string, acknowledged: Acknowledged): Promise<readonly Violation[]> {
  const opened = [...acknowledged.opened];
  const values = [[...acknowledged.keys], opened.map(({ key }) => key), opened.map(({ id }) => id)];
  return asked(databaseUrl, async (client) => {
    const found: Violation[] = [];
    for (const { guarantee, what, sql } of checks) {
      // The parameters are named in each statement, so that every check is given the same ones.
      const text = `with sent as (select unnest($1::text[]) as key), opened as (select unnest($2::text[]) as key, unnest($3::uuid[]) as id),
        broken (witness) as (${sql})
        select (select count(*) from sent) + (select count(*) from opened) as given, count(*)::int as count, min(witness) as witness from broken`;
      const { rows } = await client.query<{ count: number; witness: string | null }>(text, values);
      const count = rows[0]?.count ?? 0;
      if (count > 0) found.push({ guarantee, what, count, witness: rows[0]?.witness ?? '' });
    }
    return found;
  });
}

/** Throws with all that is broken. */
export async function assertSound(databaseUrl: string, acknowledged: Acknowledged): Promise<void> {
  const found = await violations(databaseUrl, acknowledged);
  if (found.length === 0) return;
  const lines = found.map(
    ({ guarantee, what, count, witness }) => `${guarantee}: ${what}: ${count}, such as ${witness}`,
  );
  throw new Error(lines.join('\n'));
}

export async function countPending(databaseUrl: string): Promise<number> {
  const sql = `select count(*)::int as count from transaction where status = 'PENDING'`;
  return asked(databaseUrl, async (client) => (await client.query<{ count: number }>(sql)).rows[0]?.count ?? 0);
}

export async function allRows(databaseUrl: string): Promise<readonly Row[]> {
  const sql = `select id::text as id, idempotency_key as key, status from transaction order by id`;
  return asked(databaseUrl, async (client) => (await client.query<Row>(sql)).rows);
}

/** The longest that a transaction was PENDING among those that were settled since then: how long whatever happened was felt, whenever the machine was slow besides. */
export async function longestWaitMs(databaseUrl: string, sinceMs: number): Promise<number> {
  const sql = `select coalesce(max(extract(epoch from s.recorded_at - o.recorded_at)) * 1000, 0)::float8 as ms
    from transaction_event o join transaction_event s on s.transaction_id = o.transaction_id and s.version = 2
    where o.version = 1 and s.recorded_at > to_timestamp($1::float8 / 1000)`;
  return asked(databaseUrl, async (client) => {
    return Math.round((await client.query<{ ms: number }>(sql, [sinceMs])).rows[0]?.ms ?? 0);
  });
}

/** When the next transaction was settled, in milliseconds since the epoch; Infinity where none was. */
export async function firstSettledAt(databaseUrl: string, sinceMs: number): Promise<number> {
  const sql = `select (extract(epoch from min(recorded_at)) * 1000)::float8 as at from transaction_event
    where version = 2 and recorded_at > to_timestamp($1::float8 / 1000)`;
  return asked(databaseUrl, async (client) => {
    return Math.round((await client.query<{ at: number | null }>(sql, [sinceMs])).rows[0]?.at ?? Infinity);
  });
}

type Check = Pick<Violation, 'guarantee' | 'what'> & { readonly sql: string };

const terminalTypes = `('TransactionApproved', 'TransactionRejected')`;

/** Each selects one line of text for everything that is wrong. */
const checks: readonly Check[] = [
  {
    guarantee: 'I1',
    what: 'acknowledged and not there under its key',
    sql: `select o.key || ' ' || o.id from opened o
      where not exists (select from transaction t where t.id = o.id and t.idempotency_key = o.key)`,
  },
  {
    guarantee: 'I1',
    what: 'never became terminal',
    sql: `select id || ' of ' || created_at from transaction where status = 'PENDING'`,
  },
  {
    guarantee: 'I2',
    what: 'versions with a gap or a repeat',
    sql: `select transaction_id || ' ' || array_agg(version order by version)::text from transaction_event
      group by transaction_id having min(version) <> 1 or max(version) <> count(*) or count(distinct version) <> count(*)`,
  },
  {
    guarantee: 'I2',
    what: 'not exactly one terminal event for a terminal status',
    sql: `select t.id || ' ' || t.status || ' with ' || count(e.version) from transaction t
      left join transaction_event e on e.transaction_id = t.id and e.type in ${terminalTypes}
      group by t.id, t.status having count(e.version) <> (t.status <> 'PENDING')::int`,
  },
  {
    guarantee: 'I2',
    what: 'a row that says something else than its journal',
    sql: `select t.id || ' ' || t.status || ' at ' || t.version || ', ' || e.type from transaction t
      join transaction_event e on e.transaction_id = t.id and e.type in ${terminalTypes}
      where e.type <> 'Transaction' || initcap(t.status) or e.version <> 2`,
  },
  {
    guarantee: 'I2',
    what: 'a version that stands behind its successor in the journal',
    sql: `select a.transaction_id || ' version ' || a.version from transaction_event a
      join transaction_event b on b.transaction_id = a.transaction_id and b.version = a.version + 1
      where (a.xid, a.position) >= (b.xid, b.position)`,
  },
  {
    guarantee: 'I3',
    what: 'terminal without the decision that says so',
    sql: `select t.id || ' ' || t.status from transaction t join transaction_event e on e.transaction_id = t.id and e.version = 2
      where e.data is null or e.data is distinct from t.decision or e.data ->> 'outcome' is distinct from t.status`,
  },
  {
    guarantee: 'I3',
    what: 'a history that does not begin with its opening',
    sql: `select t.id || ' ' || coalesce(e.type, 'nothing') from transaction t
      left join transaction_event e on e.transaction_id = t.id and e.version = 1
      where e.type is distinct from 'TransactionOpened'
      union all select transaction_id || ' opened at ' || version from transaction_event
      where version > 1 and type = 'TransactionOpened'`,
  },
  {
    guarantee: 'I4',
    what: 'keys with more than one transaction',
    sql: `select client_id || ' ' || idempotency_key from transaction
      group by client_id, idempotency_key having count(*) > 1`,
  },
  {
    guarantee: 'I8',
    what: 'rows that nobody asked for',
    sql: `select t.id || ' ' || t.idempotency_key from transaction t
      where not exists (select from sent s where s.key = t.idempotency_key)`,
  },
  {
    guarantee: 'I8',
    what: 'journal entries without a row, or rows without an entry',
    sql: `select coalesce(t.id, e.transaction_id)::text from transaction t
      full join transaction_event e on e.transaction_id = t.id where t.id is null or e.transaction_id is null`,
  },
];

async function asked<T>(databaseUrl: string, ask: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}
