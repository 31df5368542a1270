/**
 * Places in the journal, the history of one transaction, and the walk after what is PENDING, all behind the commit horizon: only rows of units of work older than
 * every one that is still running (`xid < pg_snapshot_xmin(pg_current_snapshot())`), so that no row can appear behind a cursor. Its pages are journal-page.ts.
 */
import type { Database } from '../../platform/database/database.ts';
import type { ClientId, TransactionId } from '../../transaction/ids.ts';
import { prunedCursor } from '../cursor.ts';
import type { JournalCursor } from '../cursor.ts';
import type { CursorStanding, JournalEntry, PendingWalk } from '../statements.ts';
import type { CursorRow, JournalRow, OpenedRow } from './rows.ts';
import { eventColumns, toCursor, toEntry, toOpened, transactionColumns } from './rows.ts';

/** The cursor that stands right before whatever is not yet readable. */
export async function readHorizonCursor(database: Database): Promise<JournalCursor> {
  const [row] = await database.lookup<{ xmin: string }>(horizonSql, []);
  if (row === undefined) throw new Error('the database has no snapshot');
  return { xid: BigInt(row.xmin), position: 0n };
}

const horizonSql = `select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`;

const lookUpSql = `select case
    when exists (select from journal_cursor where name = '${prunedCursor}' and (xid, position) > (i.xid, i.position)) then 'pruned'
    when i.position = 0
      or exists (select from transaction_event e where e.xid = i.xid and e.position = i.position)
      or exists (select from journal_cursor where name = '${prunedCursor}' and (xid, position) = (i.xid, i.position)) then 'known'
    else 'unknown' end as standing
  from (select $1::text::xid8 as xid, $2::bigint as position) as i`;

/** A cursor that was handed out is a row, or was one and nothing after it is gone, or (position 0) is a horizon that has been reached. */
export async function lookUpCursor(database: Database, { xid, position }: JournalCursor): Promise<CursorStanding> {
  const [row] = await database.lookup<{ standing: CursorStanding }>(lookUpSql, [xid.toString(), position.toString()]);
  if (row === undefined) throw new Error('a cursor has a standing');
  return row.standing;
}

const historySql = `select ${eventColumns}, ${transactionColumns}
  from transaction t join transaction_event e on e.transaction_id = t.id
  where t.id = $1::uuid and t.client_id = $2::text order by e.version`;

export async function readHistory(
  database: Database,
  clientId: ClientId,
  id: TransactionId,
): Promise<readonly JournalEntry[]> {
  return (await database.lookup<JournalRow>(historySql, [id, clientId])).map(toEntry);
}

// A row is passed only when it and all rows before it are old enough. Only opened ones are looked up, by their id: the join of every row, with windows over the page,
// cost the server 6 instead of 3.5 µs a row. The lateral keeps a planner without statistics from reading the whole table.
const walkSql = `with page as materialized (
    select xid, position, transaction_id, version, recorded_at from transaction_event
    where (xid, position) > ($1::text::xid8, $2::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by xid, position limit $4::int
  ), young as (
    select xid, position from page where recorded_at > now() - $3::float8 * interval '1 millisecond'
    order by xid, position limit 1
  ), passed as materialized (
    select p.* from page p where not exists (select from young y where (p.xid, p.position) >= (y.xid, y.position))
  )
  select reached.xid::text as reached_xid, reached.position::text as reached_position,
    (select count(*) from passed)::int as passed, pending.*
  from (select xid, position from passed order by xid desc, position desc limit 1) as reached
  left join (
    select p.xid::text as xid, p.position::text as position, p.xid as order_xid, p.position as order_position, ${transactionColumns}
    from passed p cross join lateral (select * from transaction where id = p.transaction_id limit 1) as t
    where p.version = 1 and t.status = 'PENDING'
  ) as pending on true
  order by pending.order_xid, pending.order_position`;

type Reached = { readonly reached_xid: string; readonly reached_position: string; readonly passed: number };
type WalkRow = Reached & ((OpenedRow & CursorRow) | { readonly xid: null });

export async function walkPending(
  database: Database,
  after: JournalCursor,
  bounds: { readonly olderThanMs: number; readonly limit: number },
): Promise<PendingWalk> {
  const rows = await database.query<WalkRow>(walkSql, [
    after.xid.toString(),
    after.position.toString(),
    bounds.olderThanMs,
    bounds.limit,
  ]);
  const [first] = rows;
  if (first === undefined) return { pending: [], next: after, more: false };
  const pending = rows.flatMap((row) => (row.xid === null ? [] : [{ cursor: toCursor(row), opened: toOpened(row) }]));
  const next = toCursor({ xid: first.reached_xid, position: first.reached_position });
  return { pending, next, more: first.passed >= bounds.limit };
}

const loadCursorSql = `select xid::text as xid, position::text as position from journal_cursor where name = $1::text`;

export async function loadCursor(database: Database, name: string): Promise<JournalCursor | undefined> {
  const [row] = await database.lookup<CursorRow>(loadCursorSql, [name]);
  return row === undefined ? undefined : toCursor(row);
}

export async function readJournalId(database: Database): Promise<string> {
  const [row] = await database.query<{ id: string }>('select id from journal_identity', []);
  if (row === undefined) throw new Error('the journal has no name: the schema is not complete');
  return row.id;
}
