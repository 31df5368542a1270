/**
 * The transaction service on durable execution: a POST starts a DBOS workflow whose id is the idempotency key, answered once PostgreSQL holds its start; its steps insert, judge and update, each with a checkpoint.
 * It lacks a journal, streams that resume, and a row at the moment of the answer; repeats and crashes it does survive, and it needs neither Kafka nor Redis.
 */
import { createHash } from 'node:crypto';

import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';

import { serveFace } from '../face/koa-face.ts';
import type { Tell } from '../face/koa-face.ts';
import { judge, readOrder } from '../face/order.ts';
import { createTable, insertRow, readRow, updateStatus } from '../face/rows.ts';
import type { Opened } from '../face/rows.ts';

const { DATABASE_URL = '', DBOS_SYSTEM_POOL = '20', DBOS_POOL = '10' } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(DBOS_POOL) });
await createTable(pool);
let tell: Tell = () => undefined;

const settle = DBOS.registerWorkflow(
  async (opened: Opened) => {
    await DBOS.runStep(() => insertRow(pool, opened), { name: 'insert' });
    const status = await DBOS.runStep(() => Promise.resolve(judge(opened.order.value)), { name: 'judge' });
    await DBOS.runStep(() => updateStatus(pool, opened.id, status), { name: 'update' });
    tell(opened.id, status);
  },
  { name: 'settle' },
);
DBOS.setConfig({
  name: 'bench',
  applicationVersion: '1',
  // Its tables lie in a schema of their own, in the same database.
  systemDatabaseUrl: DATABASE_URL,
  systemDatabasePoolSize: Number(DBOS_SYSTEM_POOL),
  logLevel: 'error',
});
await DBOS.launch();

const face = await serveFace({
  open: async (request) => {
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string') return undefined;
    const opened = { id: idOf(key), createdAt: new Date().toISOString(), order: await readOrder(request) };
    await DBOS.startWorkflow(settle, { workflowID: key })(opened);
    return opened;
  },
  read: (id) => readRow(pool, id),
});
({ tell } = face);
face.ready();

/** The same key gives the same transaction. */
function idOf(key: string): string {
  const digest = createHash('sha1').update(key).digest('hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
