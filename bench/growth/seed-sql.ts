/**
 * The SQL that fills the real schema with transactions of the past, each decided long ago, with its two journal rows: the same as if they had come one by one, batch by batch.
 * Everything about the transaction of a number follows from that number, so that both tables can be written at the same time and any of them be found again.
 */

/** Together in one unit of work, as the store groups them under load. */
export const batchOf = 50;
/** From one transaction to the next: ten millions are a month. */
const gapMs = 250;
/** The youngest is so old: nobody's walk comes across it. */
const agoMs = 3_600_000;
const decidedAfterMs = 60;
const accountsMin = 20_000;
/** Transactions in which an account takes part, on the average, where there are many. */
const transactionsPerAccount = 20;

export type Stretch = { readonly from: number; readonly to: number; readonly total: number };

/** The id of a number, a UUID of version 7 whose time is the creation's; `$1` is the total, `$2` the present in milliseconds. */
export function idSql(number: string): string {
  const time = `lpad(to_hex(${createdMsSql(number)}), 12, '0')`;
  return `overlay(overlay(md5('id ' || ${number}) placing ${time} || '7' from 1) placing to_hex(8 + ${number} % 4) from 17 for 1)::uuid`;
}

function createdMsSql(number: string): string {
  return `($2::bigint - ${agoMs} - ($1::bigint - ${number}) * ${gapMs})`;
}

function timeSql(ms: string): string {
  return `to_timestamp(${ms} / 1000.0)`;
}

function decisionSql(number: string): string {
  const ms = `(${createdMsSql(number)} + ${decidedAfterMs})`;
  return `case when ${number} % 10 = 0
    then jsonb_build_object('outcome', 'REJECTED', 'reasons', '["AMOUNT_LIMIT_EXCEEDED"]'::jsonb, 'ruleset', '2026-11-01', 'decidedBy', 'RULES', 'decidedAt', ${ms})
    else jsonb_build_object('outcome', 'APPROVED', 'reasons', '[]'::jsonb, 'ruleset', '2026-11-01', 'decidedBy', 'RULES', 'decidedAt', ${ms}) end`;
}

/** A random one of the pool. */
function accountSql(pool: number): string {
  return `md5('account ' || floor(random() * ${pool}))::uuid`;
}

/** `$3` and `$4` are the first number and the one past the last. */
export function transactionsSql(total: number): string {
  const pool = Math.max(accountsMin, Math.floor(total / transactionsPerAccount));
  return `insert into transaction (id, client_id, idempotency_key, debit_account_id, credit_account_id, transfer_type_id, transfer_type_name,
      amount_minor, digits, currency, created_at, decide_by, answer_version, status, version, decision)
    select ${idSql('i')}, 'local', md5('key ' || i)::uuid::text, ${accountSql(pool)}, ${accountSql(pool)}, 1, 'TRANSFER',
      case when i % 10 = 0 then 100001 + i % 5000 else 125 + i % 99700 end, 2, null, ${timeSql(createdMsSql('i'))},
      ${timeSql(createdMsSql('i'))} + interval '10 minutes', 1, case when i % 10 = 0 then 'REJECTED' else 'APPROVED' end, 2, ${decisionSql('i')}
    from generate_series($3::bigint, $4::bigint - 1) as i`;
}

/** Of the same numbers, which must be whole batches; `$5` is the first unit of work, and each batch takes two: one that opens and one that decides. */
export const journalSql = `insert into transaction_event (xid, transaction_id, version, type, data, at, recorded_at)
  select ($5::bigint + row / ${batchOf})::text::xid8, ${idSql('i')}, version,
    case when version = 1 then 'TransactionOpened' when i % 10 = 0 then 'TransactionRejected' else 'TransactionApproved' end,
    case when version = 2 then ${decisionSql('i')} end, ${timeSql('ms')}, ${timeSql('ms')}
  from generate_series(2 * $3::bigint, 2 * $4::bigint - 1) as row
  cross join lateral (
    select row / ${2 * batchOf} * ${batchOf} + row % ${batchOf} as i, 1 + row / ${batchOf} % 2 as version
  ) as numbers
  cross join lateral (select ${createdMsSql('i')} + (version - 1) * ${decidedAfterMs} as ms) as times`;

/** The first unit of work that is not over, from which on so many are begun and ended, to stand for those of the past. */
export const horizonSql = 'select pg_snapshot_xmin(pg_current_snapshot())::text as xmin';

export function spendUnitsOfWorkSql(count: number): string {
  return `do $$ begin for i in 1..${count} loop perform pg_current_xact_id(); commit; end loop; end $$`;
}

/** What makes the rows findable, in the words of the schema itself: built at the end, in a fraction of the time that row by row takes. */
export const indexesSql = `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
    format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as build, conrelid::regclass::text as "table"
  from pg_constraint where contype = 'p' and conrelid in ('transaction'::regclass, 'transaction_event'::regclass)
  union all
  select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid), indrelid::regclass::text
  from pg_index where not indisprimary and indrelid in ('transaction'::regclass, 'transaction_event'::regclass)`;

/** Readers of the journal that remember a place stand at its end, as they would in a deployment that has kept up. */
export const cursorsSql = `insert into journal_cursor (name, xid, position)
  select name, pg_snapshot_xmin(pg_current_snapshot()), 0 from unnest($1::text[]) as name
  on conflict (name) do update set xid = excluded.xid, position = excluded.position, saved_at = now()`;
