/** Each prune in the journal of operator actions: written before anything is removed, and again with what was removed. One that has begun and never ended was cut off. */
import type { Database } from '../../platform/database/database.ts';
import type { ActionId } from '../operator-actions.ts';

export type PruneAction = {
  /** The machine that prunes: nobody comes with a key. */
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly olderThanMs: number;
};

export type PruneTotals = { readonly transactions: number; readonly journalRows: number };

const beginSql = `insert into operator_action (at, key_id, action, detail, outcome)
  values ($1::timestamptz, $2::text, 'prune', $3::jsonb, 'begun') returning id::text as id`;

export async function beginPrune(database: Database, { host, at, olderThanMs }: PruneAction): Promise<ActionId> {
  const values = [new Date(at).toISOString(), host, JSON.stringify({ olderThanMs })];
  const [row] = await database.query<{ readonly id: ActionId }>(beginSql, values);
  if (row === undefined) throw new Error('an action that has begun has a number');
  return row.id;
}

const endSql = `update operator_action set outcome = $2::text, ended_at = now(), detail = detail || $3::jsonb
  where id = $1::bigint and outcome = 'begun'`;

/** May be said again. */
export async function endPrune(
  database: Database,
  id: ActionId,
  { outcome, totals }: { readonly outcome: 'done' | 'failed'; readonly totals: PruneTotals },
): Promise<void> {
  await database.query(endSql, [id, outcome, JSON.stringify(totals)]);
}
