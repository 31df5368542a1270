/** Pages of one client's transactions, newest first; of what is PENDING no further back than anything can be. A cold path: it goes through the ORM. */
import { DriverException } from '@mikro-orm/core';
import type { FilterQuery } from '@mikro-orm/core';
import type { Database } from '../../platform/database/database.ts';
import { toSqlFailure } from '../../platform/database/sql-failure.ts';
import type { Decision } from '../../transaction/decision.ts';
import type { AccountId, ClientId, IdempotencyKey, TransactionId } from '../../transaction/ids.ts';
import type { KnownTransaction, TransactionStatus } from '../../transaction/states.ts';
import type { TransactionRecord } from '../entities/transaction.ts';
import { TransactionEntity } from '../entities/transaction.ts';
import type { AnswerVersion, ListQuery } from '../statements.ts';
import { oldestPending } from './oldest-pending.ts';
import { toStored } from './rows.ts';

export async function listTransactions(database: Database, query: ListQuery): Promise<readonly KnownTransaction[]> {
  const oldest = query.status === 'PENDING' ? await oldestPending(database) : undefined;
  if (oldest === 'none') return [];
  const found = await database.orm.em
    .fork()
    .find(TransactionEntity, filterOf(query, oldest), { orderBy: { id: 'desc' }, limit: query.limit })
    .catch(rethrow);
  return found.map(toKnown);
}

/** What the driver threw, in the port's words; whatever else the ORM throws is a bug of ours. */
function rethrow(error: unknown): never {
  throw error instanceof DriverException ? toSqlFailure(error) : error;
}

function filterOf(query: ListQuery, oldest: TransactionId | undefined): FilterQuery<TransactionRecord> {
  const { account, before, clientId, createdFrom, createdTo, status } = query;
  const ids = {
    ...(createdFrom === undefined ? {} : { $gte: lowestId(createdFrom) }),
    ...(createdTo === undefined ? {} : { $lt: lowestId(createdTo) }),
  };
  return {
    $and: [
      { clientId },
      ...(status === undefined ? [] : [{ status }]),
      ...(account === undefined ? [] : [{ $or: [{ debitAccountId: account }, { creditAccountId: account }] }]),
      ...(Object.keys(ids).length === 0 ? [] : [{ id: ids }]),
      ...(oldest === undefined ? [] : [{ id: { $gte: oldest } }]),
      ...(before === undefined ? [] : [{ id: { $lt: before } }]),
    ],
  };
}

/** The lowest UUID of version 7 that can carry this time: ranges of creation time are ranges of ids. */
export function lowestId(ms: number): string {
  const hex = Math.max(0, Math.min(ms, 2 ** 48 - 1))
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** The ORM's record says `string` where the row holds what only this code wrote; the words are the same. */
function toKnown(record: TransactionRecord): KnownTransaction {
  return toStored({
    id: record.id as TransactionId,
    client_id: record.clientId as ClientId,
    idempotency_key: record.idempotencyKey as IdempotencyKey,
    debit_account_id: record.debitAccountId as AccountId,
    credit_account_id: record.creditAccountId as AccountId,
    transfer_type_id: record.transferTypeId,
    transfer_type_name: record.transferTypeName,
    amount_minor: record.amountMinor.toString(),
    digits: record.digits,
    currency: record.currency ?? null,
    created_at_ms: record.createdAt.getTime(),
    decide_by_ms: record.decideBy.getTime(),
    answer_version: (record.answerVersion ?? null) as AnswerVersion | null,
    status: record.status as TransactionStatus,
    version: record.version as 1 | 2 | 3,
    decision: (record.decision ?? null) as Decision | null,
  }).transaction;
}
