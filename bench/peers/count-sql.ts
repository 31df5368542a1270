/** How many rows of the table `transaction` are decided. */
import pg from 'pg';

import type { Rows } from './peer.ts';

export async function countSql(connectionString: string): Promise<Rows> {
  const client = new pg.Client({ connectionString, query_timeout: 30_000 });
  await client.connect();
  try {
    const { rows } = await client.query<Rows>(`select count(*) filter (where status <> 'PENDING')::int as decided,
      count(*) filter (where status = 'PENDING')::int as pending from transaction`);
    const [counts] = rows;
    if (counts === undefined) throw new Error('a count gave no row');
    return counts;
  } finally {
    await client.end();
  }
}
