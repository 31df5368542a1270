/** How rows are read: every column is cast to what both drivers give alike (text, float8, json), and becomes domain data here and nowhere else. */
import type { Decision } from '../../transaction/decision.ts';
import type { TransactionEvent, TransactionEventType } from '../../transaction/events.ts';
import type { AccountId, ClientId, IdempotencyKey, TransactionId } from '../../transaction/ids.ts';
import type { KnownTransaction, OpenedTransaction, TransactionStatus } from '../../transaction/states.ts';
import type { JournalCursor } from '../cursor.ts';
import type { AnswerVersion, JournalEntry, StoredTransaction } from '../statements.ts';

/** Of a transaction under the alias `t`. */
export const transactionColumns = `t.id::text as id, t.client_id, t.idempotency_key,
  t.debit_account_id::text as debit_account_id, t.credit_account_id::text as credit_account_id,
  t.transfer_type_id::int as transfer_type_id, t.transfer_type_name, t.amount_minor::text as amount_minor,
  t.digits::int as digits, t.currency, (extract(epoch from t.created_at) * 1000)::float8 as created_at_ms,
  (extract(epoch from t.decide_by) * 1000)::float8 as decide_by_ms, t.answer_version::int as answer_version,
  t.status, t.version::int as version, t.decision`;

/** Of a journal row under the alias `e`. */
export const eventColumns = `e.xid::text as xid, e.position::text as position, e.type as event_type,
  e.version::int as event_version, e.data as event_data, (extract(epoch from e.at) * 1000)::float8 as event_at_ms`;

export type OpenedRow = {
  readonly id: TransactionId;
  readonly client_id: ClientId;
  readonly idempotency_key: IdempotencyKey;
  readonly debit_account_id: AccountId;
  readonly credit_account_id: AccountId;
  readonly transfer_type_id: number;
  readonly transfer_type_name: string;
  readonly amount_minor: string;
  readonly digits: number;
  readonly currency: string | null;
  readonly created_at_ms: number;
  readonly decide_by_ms: number;
};

export type TransactionRow = OpenedRow & {
  readonly answer_version: AnswerVersion | null;
  readonly status: TransactionStatus;
  readonly version: 1 | 2 | 3;
  readonly decision: Decision | null;
};

export type CursorRow = { readonly xid: string; readonly position: string };

export type EventRow = CursorRow & {
  readonly event_type: TransactionEventType;
  readonly event_version: 1 | 2 | 3;
  readonly event_data: Decision | null;
  readonly event_at_ms: number;
};

export type JournalRow = TransactionRow & EventRow;

export function toOpened(row: OpenedRow): OpenedTransaction {
  return {
    id: row.id,
    clientId: row.client_id,
    idempotencyKey: row.idempotency_key,
    debitAccountId: row.debit_account_id,
    creditAccountId: row.credit_account_id,
    transferType: { id: row.transfer_type_id, name: row.transfer_type_name },
    amountMinor: BigInt(row.amount_minor),
    digits: row.digits,
    currency: row.currency,
    createdAt: row.created_at_ms,
    decideBy: row.decide_by_ms,
  };
}

export function toStored(row: TransactionRow): StoredTransaction {
  return { transaction: transactionAt(row, row.version), answerVersion: row.answer_version };
}

/** The transaction as it was at a version that it has reached. A decision never changes, so one row serves all its versions. */
export function transactionAt(row: TransactionRow, version: 1 | 2 | 3): KnownTransaction {
  const opened = toOpened(row);
  if (version === 1) return { status: 'PENDING', version, opened };
  if (row.decision === null) throw new Error(`transaction ${row.id} is at version ${row.version} without a decision`);
  return { status: row.decision.outcome, version, opened, decision: row.decision };
}

export function toCursor(row: CursorRow): JournalCursor {
  return { xid: BigInt(row.xid), position: BigInt(row.position) };
}

export function toEntry(row: JournalRow): JournalEntry {
  const transaction = transactionAt(row, row.event_version);
  return { cursor: toCursor(row), event: toEvent(row, transaction.opened), transaction };
}

export function toEvent(row: EventRow, opened: OpenedTransaction): TransactionEvent {
  if (row.event_type === 'TransactionOpened') {
    return { type: row.event_type, at: row.event_at_ms, transaction: opened };
  }
  if (row.event_data === null) throw new Error(`journal row ${row.xid}/${row.position} has no decision`);
  return { type: row.event_type, at: row.event_at_ms, decision: row.event_data };
}
