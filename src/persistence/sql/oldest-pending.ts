/**
 * How far back anything can be PENDING, by the place that the relay stores every few seconds: no transaction that was opened before it is. Pages of what is PENDING need look
 * no further: without that, a client with ten million transactions of which none was PENDING had all of them read until the statement timed out.
 */
import type { Database } from '../../platform/database/database.ts';
import type { TransactionId } from '../../transaction/ids.ts';
import { pendingCursor } from '../cursor.ts';
import { loadCursor } from './journal.ts';

/** Journal rows after the place, at the most: some 25 s of full rate, where the relay is up to 10 behind. Past them, what is PENDING is many, or the relay is away. */
const usualRowsMax = 100_000;

// The place comes as a value, so that the planner knows how little lies behind it. Materialized, or it may take the order by id from the index of all versions and read that from
// its beginning.
const sql = `with recent as materialized (
    select transaction_id, version from transaction_event
    where (xid, position) > ($1::text::xid8, $2::bigint) order by xid, position limit $3::int
  )
  select (select count(*) from recent)::int as rows,
    (select transaction_id::text from recent where version = 1 order by transaction_id limit 1) as id`;

/** The least id that something PENDING can have; `none` where nothing can be, undefined where that cannot be told in reasonable time. */
export async function oldestPending(
  database: Database,
  rowsMax = usualRowsMax,
): Promise<TransactionId | 'none' | undefined> {
  const place = await loadCursor(database, pendingCursor);
  if (place === undefined) return undefined;
  const values = [place.xid.toString(), place.position.toString(), rowsMax];
  const [found] = await database.query<{ rows: number; id: TransactionId | null }>(sql, values);
  if (found === undefined || found.rows >= rowsMax) return undefined;
  return found.id ?? 'none';
}
