/** The floor of a read: bare Koa and pg, one row inserted by each POST and one row read by its id by each GET. */
import { randomUUID } from 'node:crypto';

import pg from 'pg';

import { serveFace } from '../face/koa-face.ts';
import { readOrder } from '../face/order.ts';
import { createTable, insertRow, readRow } from '../face/rows.ts';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] });
await createTable(pool);

const { ready } = await serveFace({
  open: async (request) => {
    const opened = { id: randomUUID(), createdAt: new Date().toISOString(), order: await readOrder(request) };
    await insertRow(pool, opened);
    return opened;
  },
  read: (id) => readRow(pool, id),
});
ready();
