/** How many rows of the table `transaction` are decided, from an id on where there are older ones that do not count. */
import pg from 'pg';

import type { Rows } from './peer.ts';

const lowestId = '00000000-0000-0000-0000-000000000000';

export async function countSql(connectionString: string, fromId = lowestId): Promise<Rows> {
  const client = new pg.Client({ connectionString, query_timeout: 30_000 });
  await client.connect();
  try {
    const { rows } = await client.query<Rows>(
      `select count(*) filter (where status <> 'PENDING')::int as decided,
      count(*) filter (where status = 'PENDING')::int as pending from transaction where id >= $1::uuid`,
      [fromId],
    );
    const [counts] = rows;
    if (counts === undefined) throw new Error('a count gave no row');
    return counts;
  } finally {
    await client.end();
  }
}
