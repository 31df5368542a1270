/** There is no room left where PostgreSQL and Kafka write; then there is again, and whoever gave up is started again. */
import type { Services } from '../../tools/services/start-services.ts';
import type { Fault } from '../arena.ts';
import { plainKafka } from '../kafka-client.ts';
import { asking } from '../tables.ts';
import { bounded, eventually, sleep } from '../wait.ts';

export const fullDisk: Fault = {
  kind: 'full-disk',
  breaks: ['postgres', 'kafka', 'redis'],
  limitMs: 90_000,
  bar: { says: 'flows ≤ 20 s after both are up', maxMs: 20_000, measure: 'flow' },
  strike: async ({ disk, services }, random) => {
    const ms = random.between(1_000, 3_000);
    await disk?.fill();
    await sleep(ms);
    disk?.free();
    const gaveUp = await Promise.all([startedAgain(services, 'postgres'), startedAgain(services, 'kafka')]);
    return { note: `for ${ms} ms${gaveUp.some(Boolean) ? ', a service gave up' : ''}`, fromMs: Date.now() };
  },
};

/** True where it did not come back by itself. */
async function startedAgain(services: Services, name: 'postgres' | 'kafka'): Promise<boolean> {
  const works = name === 'postgres' ? writesRows(services.env.DATABASE_URL) : answers(services.env.KAFKA_BROKERS);
  if (await eventually(3_000, works, 300)) return false;
  await services.restart(name);
  return true;
}

function writesRows(url: string): () => Promise<boolean> {
  return () => asking(url, async (client) => (await client.query('select pg_current_xact_id()')).rowCount === 1);
}

function answers(brokers: string): () => Promise<boolean> {
  return () =>
    bounded(
      2_000,
      'asking the log',
      (async () => {
        const admin = plainKafka(brokers).admin();
        await admin.connect();
        await admin.disconnect();
        return true;
      })(),
    );
}
