/**
 * The service without any safety, in one process: it inserts a row and answers, then judges and updates. It lacks everything that Verdict is for: no idempotency, no outbox, no queue, no retry, no journal;
 * what is between insert and update when the process ends stays PENDING for ever.
 */
import { randomUUID } from 'node:crypto';

import pg from 'pg';

import { serveFace } from '../face/koa-face.ts';
import { judge, readOrder } from '../face/order.ts';
import { createTable, insertRow, readRow, updateStatus } from '../face/rows.ts';
import type { Opened } from '../face/rows.ts';

const { DATABASE_URL = '', UNSAFE_POOL = '20' } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(UNSAFE_POOL) });
await createTable(pool);

const { tell, ready } = await serveFace({
  open: async (request) => {
    const opened = { id: randomUUID(), createdAt: new Date().toISOString(), order: await readOrder(request) };
    await insertRow(pool, opened);
    void settle(opened);
    return opened;
  },
  read: (id) => readRow(pool, id),
});
ready();

/** Nobody waits for it, and a failure ends the process. */
async function settle({ id, order }: Opened): Promise<void> {
  const status = judge(order.value);
  await updateStatus(pool, id, status);
  tell(id, status);
}
