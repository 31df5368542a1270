/** The queue's worker: judges each job and updates its row; what it returns goes out with the queue's events. */
import { Worker } from 'bullmq';
import pg from 'pg';

import { judge } from '../face/order.ts';
import { updateStatus } from '../face/rows.ts';
import { bullmqSettings, connectRedis, queueName } from './settings.ts';
import type { JobData } from './settings.ts';

const { databaseUrl, prefix, concurrency, poolMax } = bullmqSettings();
const pool = new pg.Pool({ connectionString: databaseUrl, max: poolMax });
const worker = new Worker<JobData, string>(
  queueName,
  async ({ data: { id, value } }) => {
    const status = judge(value);
    await updateStatus(pool, id, status);
    return status;
  },
  { connection: connectRedis(), prefix, concurrency },
);
worker.on('error', (error) => console.error(error));
await worker.waitUntilReady();
process.on('disconnect', () => process.exit());
process.send?.({ port: 0 });
