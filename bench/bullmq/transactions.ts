/**
 * The transaction service as a job queue's manual would have it: each request inserts one row and adds one BullMQ job under the transaction's id, a worker decides, and the queue's events tell.
 * It lacks an outbox (a row whose job is not added stays PENDING), idempotency, an audit trail, streams that resume; and jobs live in a Redis that writes nothing to disk, as Verdict's does, to whom Redis may be lost.
 */
import { randomUUID } from 'node:crypto';

import { Queue, QueueEvents } from 'bullmq';
import pg from 'pg';

import { serveFace } from '../face/koa-face.ts';
import { readOrder } from '../face/order.ts';
import { createTable, insertRow, readRow } from '../face/rows.ts';
import { bullmqSettings, connectRedis, queueName } from './settings.ts';
import type { JobData } from './settings.ts';

/** A queue keeps 10,000 of its events for those who listen; a job makes four, and a listener behind by 2,500 jobs would miss decisions. */
const eventsMax = 500_000;

const { databaseUrl, prefix, poolMax } = bullmqSettings();
const pool = new pg.Pool({ connectionString: databaseUrl, max: poolMax });
await createTable(pool);

const queue = new Queue<JobData>(queueName, {
  connection: connectRedis(),
  prefix,
  streams: { events: { maxLen: eventsMax } },
  defaultJobOptions: {
    attempts: 3,
    backoff: { type: 'exponential', delay: 1_000 },
    removeOnComplete: true,
    removeOnFail: 5_000,
  },
});
const events = new QueueEvents(queueName, { connection: connectRedis(), prefix });
await events.waitUntilReady();

const { tell, ready } = await serveFace({
  open: async (request) => {
    const opened = { id: randomUUID(), createdAt: new Date().toISOString(), order: await readOrder(request) };
    await insertRow(pool, opened);
    const { id, order } = opened;
    await queue.add('judge', { id, value: order.value }, { jobId: id });
    return opened;
  },
  read: (id) => readRow(pool, id),
});
events.on('completed', ({ jobId, returnvalue }) => tell(jobId, returnvalue));
ready();
