/** The reading statements over transactions. What a client asks for is scoped by client in the statement itself. */
import type { Database } from '../../platform/database/database.ts';
import type { TransactionId } from '../../transaction/ids.ts';
import type { TransactionStatus } from '../../transaction/states.ts';
import type { ClientKey, ClientScoped, StoredTransaction } from '../statements.ts';
import type { TransactionRow } from './rows.ts';
import { toStored, transactionColumns } from './rows.ts';

const loadSql = `select ${transactionColumns} from transaction t where t.id = any($1::uuid[])`;

export async function loadTransactions(
  database: Database,
  ids: readonly TransactionId[],
): Promise<readonly StoredTransaction[]> {
  return (await database.lookup<TransactionRow>(loadSql, [ids])).map(toStored);
}

const readSql = `select ${transactionColumns}
  from (select distinct * from unnest($1::uuid[], $2::text[]) as u (id, client_id)) as i
  join transaction t on t.id = i.id and t.client_id = i.client_id`;

export async function readTransactions(
  database: Database,
  keys: readonly ClientScoped[],
): Promise<readonly StoredTransaction[]> {
  const rows = await database.lookup<TransactionRow>(readSql, [
    keys.map(({ id }) => id),
    keys.map(({ clientId }) => clientId),
  ]);
  return rows.map(toStored);
}

const loadByKeySql = `select ${transactionColumns}
  from (select distinct * from unnest($1::text[], $2::text[]) as u (client_id, key)) as i
  join transaction t on t.client_id = i.client_id and t.idempotency_key = i.key`;

export async function loadByKey(database: Database, keys: readonly ClientKey[]): Promise<readonly StoredTransaction[]> {
  const rows = await database.lookup<TransactionRow>(loadByKeySql, [
    keys.map(({ clientId }) => clientId),
    keys.map(({ key }) => key),
  ]);
  return rows.map(toStored);
}

const stillPendingSql = `select id::text as id from transaction where id = any($1::uuid[]) and status = 'PENDING'`;

export async function stillPending(
  database: Database,
  ids: readonly TransactionId[],
): Promise<ReadonlySet<TransactionId>> {
  return new Set((await database.lookup<{ id: TransactionId }>(stillPendingSql, [ids])).map(({ id }) => id));
}

const countSql = `select status, count(*)::float8 as count from transaction group by status`;

export async function countByStatus(database: Database): Promise<ReadonlyMap<TransactionStatus, number>> {
  const rows = await database.query<{ status: TransactionStatus; count: number }>(countSql, []);
  return new Map(rows.map(({ status, count }) => [status, count]));
}
