/** What PostgreSQL takes through pg, with a commit that is on disk for each statement: rows one by one on ten connections, and rows by the batch on one. */
import { randomUUID } from 'node:crypto';

import pg from 'pg';

import { createTable, insertRow } from '../face/rows.ts';
import { batchSize } from './floor.ts';
import type { OpenFloor } from './floor.ts';

const poolMax = 10;
const order = {
  accountExternalIdDebit: randomUUID(),
  accountExternalIdCredit: randomUUID(),
  tranferTypeId: 1,
  value: 120.25,
};

export const openRowByRow: OpenFloor = async ({ DATABASE_URL }) => {
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: poolMax });
  await createTable(pool);
  const insert = async (): Promise<number> => {
    await insertRow(pool, { id: randomUUID(), createdAt: new Date().toISOString(), order });
    return 1;
  };
  return { step: insert, atOnce: poolMax };
};

export const openRowsByBatch: OpenFloor = async ({ DATABASE_URL }) => {
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 1 });
  await createTable(pool);
  const insert = async (): Promise<number> => {
    const column = <T>(value: () => T): T[] => Array.from({ length: batchSize }, value);
    await pool.query(
      `insert into transaction (id, debit, credit, type_id, value)
       select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::numeric[])`,
      [
        column(randomUUID),
        column(() => order.accountExternalIdDebit),
        column(() => order.accountExternalIdCredit),
        column(() => order.tranferTypeId),
        column(() => order.value),
      ],
    );
    return batchSize;
  };
  return { step: insert, atOnce: 1 };
};
