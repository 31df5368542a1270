/**
 * Removes old terminal transactions and their journal rows in one statement and one unit of work, and notes how far into the journal it has cut. It waits for no writer:
 * what somebody else has locked stays. Safe to kill, to repeat, and to run twice at once.
 */
import type { Database } from '../../platform/database/database.ts';
import type { TransactionId } from '../../transaction/ids.ts';
import { prunedCursor } from '../cursor.ts';
import type { PruneRange, PruneStep } from '../statements.ts';

// Ids carry their creation time: what is old is a range of the primary key, and each step begins where the last one ended, not at the dead rows that it left.
// Whoever changes a transaction locks its row first, so that its journal rows are complete while it is locked here; one that came in after this statement's snapshot is missed
// by the count. Every row must be old and passed, the late one of a superseded decision too: else the cut would lie before readers of today.
const lookSql = (locking: string): string => `with page as materialized (
    select id, status from transaction
    where id > $1::uuid and id < (
      select (substr(hex, 1, 8) || '-' || substr(hex, 9) || '-0000-0000-000000000000')::uuid
      from lpad(to_hex(greatest(0, extract(epoch from now()) * 1000 - $2::float8)::bigint), 12, '0') as hex)
    order by id limit $3::int
  ), reached as materialized (
    select coalesce(c.xid, '0'::xid8) as xid, coalesce(c.position, 0) as position
    from unnest($4::text[]) as r (name) left join journal_cursor c using (name)
    order by 1, 2 limit 1
  ), terminal as materialized (
    select id, version from transaction
    where id = any(array(select id from page where status <> 'PENDING')) and status <> 'PENDING' ${locking}
  ), journal as materialized (
    select transaction_id, xid, position, recorded_at from transaction_event
    where transaction_id = any(array(select id from terminal))
  ), prunable as materialized (
    select t.id from terminal t join journal j on j.transaction_id = t.id cross join reached r
    group by t.id, t.version
    having count(*) = t.version
      and max(j.recorded_at) < now() - $2::float8 * interval '1 millisecond'
      and bool_and((j.xid, j.position) <= (r.xid, r.position))
  )`;

const countsSql = `select (select count(*) from page)::int as looked,
    (select count(*) from page where status = 'PENDING')::int as pending,
    (select count(*) from gone)::int as transactions, (select count(*) from cut)::int as journal_rows,
    (select id::text from page order by page.id desc limit 1) as last`;

const removeSql = `${lookSql('for update skip locked')}, cut as (
    delete from transaction_event where transaction_id = any(array(select id from prunable)) returning xid, position
  ), gone as (
    delete from transaction where id = any(array(select id from prunable)) returning id
  ), marked as (
    insert into journal_cursor (name, xid, position)
    select '${prunedCursor}', xid, position from cut order by xid desc, position desc limit 1
    on conflict (name) do update set xid = excluded.xid, position = excluded.position, saved_at = now()
    where (journal_cursor.xid, journal_cursor.position) < (excluded.xid, excluded.position)
  )
  ${countsSql}`;

const dryRunSql = `${lookSql('')}, cut as (
    select from journal where transaction_id in (select id from prunable)
  ), gone as (
    select from prunable
  )
  ${countsSql}`;

type CountRow = {
  readonly looked: number;
  readonly pending: number;
  readonly transactions: number;
  readonly journal_rows: number;
  readonly last: TransactionId | null;
};

const lowestId = '00000000-0000-0000-0000-000000000000';

export async function prune(
  database: Database,
  { after, olderThanMs, limit, readers, dryRun }: PruneRange,
): Promise<PruneStep> {
  const values = [after ?? lowestId, olderThanMs, limit, readers];
  const [row] = await database.query<CountRow>(dryRun ? dryRunSql : removeSql, values);
  if (row === undefined) throw new Error('counts have a row');
  const { looked, pending, transactions, journal_rows: journalRows, last } = row;
  const next = looked < limit || last === null ? undefined : last;
  return { transactions, journalRows, pending, held: looked - pending - transactions, next };
}
