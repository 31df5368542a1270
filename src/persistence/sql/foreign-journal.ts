/**
 * Whether the journal was written by a cluster whose transaction ids had got further than this one's, as after loading a logical dump elsewhere.
 * Its rows would stay hidden, and new ones would come to stand behind every cursor, so nobody may work on it.
 */
import type { Database } from '../../platform/database/database.ts';

// What a snapshot shows was written by units of work before its end, in the cluster that wrote it.
const foreignSql = `select exists (select from transaction_event where xid >= pg_snapshot_xmax(pg_current_snapshot()))
  or exists (select from journal_cursor where xid > pg_snapshot_xmax(pg_current_snapshot())) as foreign_journal`;

export async function isForeignJournal(database: Database): Promise<boolean> {
  const [row] = await database.query<{ readonly foreign_journal: boolean }>(foreignSql, []);
  return row?.foreign_journal === true;
}
