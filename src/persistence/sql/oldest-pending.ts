/**
 * How far back anything can be PENDING, by the place that the relay stores every few seconds: no transaction that was opened before it is. Pages of what is PENDING need look
 * no further: without that, a client with ten million transactions of which none was PENDING had all of them read until the statement timed out.
 */
import type { Database } from '../../platform/database/database.ts';
import type { TransactionId } from '../../transaction/ids.ts';
import { pendingCursor } from '../cursor.ts';

/** Journal rows after the place, at the most: some 25 s of full rate, where the relay is up to 10 behind. Past them, what is PENDING is many, or the relay is away. */
const usualRowsMax = 100_000;

// Materialized, or the planner may take the order by id from the index of all versions and read it from its beginning.
const sql = `with place as (
    select xid, position from journal_cursor where name = $1::text
  ), recent as materialized (
    select e.transaction_id, e.version from place p cross join lateral (
      select transaction_id, version from transaction_event
      where (xid, position) > (p.xid, p.position) order by xid, position limit $2::int
    ) as e
  )
  select (select count(*) from recent)::int as rows,
    (select transaction_id::text from recent where version = 1 order by transaction_id limit 1) as id
  from place`;

/** The least id that something PENDING can have; `none` where nothing can be, undefined where that cannot be told in reasonable time. */
export async function oldestPending(
  database: Database,
  rowsMax = usualRowsMax,
): Promise<TransactionId | 'none' | undefined> {
  const [found] = await database.query<{ rows: number; id: TransactionId | null }>(sql, [pendingCursor, rowsMax]);
  if (found === undefined || found.rows >= rowsMax) return undefined;
  return found.id ?? 'none';
}
