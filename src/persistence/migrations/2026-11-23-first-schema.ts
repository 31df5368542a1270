/** The first schema: transactions, their journal, the cursors of the journal's readers, and the journal's name. */
import { Migration } from '@mikro-orm/migrations';

export class FirstSchema extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }

  override down(): void {
    this.addSql('drop table journal_identity, journal_cursor, transaction_event, transaction');
  }
}

const statements = [
  // No index may name status, version, decision or answer_version: a settlement then rewrites the row in place (HOT)
  // and touches no index, for which the fill factor leaves room on every page.
  `create table transaction (
    id uuid primary key,
    client_id text not null,
    idempotency_key text not null,
    debit_account_id uuid not null,
    credit_account_id uuid not null,
    transfer_type_id integer not null,
    transfer_type_name text not null,
    amount_minor bigint not null check (amount_minor > 0),
    digits smallint not null check (digits between 0 and 8),
    currency text,
    created_at timestamptz not null,
    decide_by timestamptz not null,
    answer_version smallint check (answer_version between 1 and 2),
    status text not null check (status in ('PENDING', 'APPROVED', 'REJECTED')),
    version smallint not null check (version between 1 and 3),
    decision jsonb,
    check ((status = 'PENDING') = (version = 1)),
    check ((status = 'PENDING') = (decision is null))
  ) with (fillfactor = 80)`,
  // The truth behind idempotency.
  `create unique index transaction_client_key on transaction (client_id, idempotency_key)`,
  // Ids carry their creation time, so these serve pages and ranges of time alike.
  `create index transaction_client_id on transaction (client_id, id)`,
  `create index transaction_debit_account on transaction (debit_account_id, id)`,
  `create index transaction_credit_account on transaction (credit_account_id, id)`,
  `create table transaction_event (
    position bigint generated always as identity,
    xid xid8 not null default pg_current_xact_id(),
    transaction_id uuid not null,
    version smallint not null,
    type text not null,
    data jsonb,
    at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (xid, position)
  )`,
  // One row per version: two writers of one transaction cannot both be kept, whatever else goes wrong.
  `create unique index transaction_event_version on transaction_event (transaction_id, version)`,
  `create table journal_cursor (
    name text primary key,
    xid xid8 not null,
    position bigint not null,
    saved_at timestamptz not null default now()
  )`,
  `create table journal_identity (id text not null check (id ~ '^[0-9a-z]{12}$'))`,
  `insert into journal_identity values (substr(replace(gen_random_uuid()::text, '-', ''), 1, 12))`,
];
