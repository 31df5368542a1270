/** The one table that every peer beside Verdict keeps, and the three statements that its common solutions make of it. */
import type pg from 'pg';

import type { Order } from './order.ts';

export type Row = {
  readonly id: string;
  readonly value: string;
  readonly status: string;
  readonly created_at: Date;
};

export type Opened = { readonly id: string; readonly createdAt: string; readonly order: Order };

export async function createTable(pool: pg.Pool): Promise<void> {
  await pool.query(`create table transaction (
    id uuid primary key, debit uuid not null, credit uuid not null, type_id int not null, value numeric(17, 2) not null,
    status text not null default 'PENDING', created_at timestamptz not null default now(), updated_at timestamptz)`);
}

export async function insertRow(pool: pg.Pool, { id, createdAt, order }: Opened): Promise<void> {
  await pool.query(
    'insert into transaction (id, debit, credit, type_id, value, created_at) values ($1,$2,$3,$4,$5,$6)',
    [id, order.accountExternalIdDebit, order.accountExternalIdCredit, order.tranferTypeId, order.value, createdAt],
  );
}

export async function updateStatus(pool: pg.Pool, id: string, status: string): Promise<void> {
  await pool.query('update transaction set status = $2, updated_at = now() where id = $1', [id, status]);
}

export async function readRow(pool: pg.Pool, id: string): Promise<Row | undefined> {
  const { rows } = await pool.query<Row>('select id, value, status, created_at from transaction where id = $1', [id]);
  return rows[0];
}
