/** How far the readers of the journal are behind, for an operator's eyes: cheap enough to be asked at every scrape, and bounded where there is much. */
import type { Database } from '../../platform/database/database.ts';

// Version 2 of a transaction is its terminal one. The cursor is read first, so that the range is one on the primary key; the order keeps the planner to it, which knows nothing of
// the cursor, expects a third of the table behind it, and hopes to find as many as are counted soonest from the table's beginning: each scrape read the whole journal.
const backlogSql = `select count(*)::int as count from (
    select from transaction_event
    where (xid, position) > (
        coalesce((select xid from journal_cursor where name = $1::text), '0'::xid8),
        coalesce((select position from journal_cursor where name = $1::text), 0)
      ) and version = 2
    order by xid, position limit $2::int
  ) as waiting`;

/** Terminal transitions after the stored cursor of that name; counted up to `max`. */
export async function countBacklog(database: Database, cursorName: string, max: number): Promise<number> {
  const [row] = await database.query<{ readonly count: number }>(backlogSql, [cursorName, max]);
  if (row === undefined) throw new Error('a count has a row');
  return row.count;
}

// What is written and not readable yet, the oldest unit of work that writes (where the database's user may see those of others), and what was prepared and forgotten.
const horizonAgeSql = `select greatest(0, extract(epoch from clock_timestamp() - least(
    (select recorded_at from transaction_event
      where xid >= pg_snapshot_xmin(pg_current_snapshot()) order by xid, position limit 1),
    (select min(xact_start) from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()),
    (select min(prepared) from pg_prepared_xacts)
  )))::float8 as seconds`;

/** For how long something has kept written journal rows from being read; 0 where nothing does. */
export async function readHorizonAge(database: Database): Promise<number> {
  const [row] = await database.query<{ readonly seconds: number }>(horizonAgeSql, []);
  return row?.seconds ?? 0;
}
