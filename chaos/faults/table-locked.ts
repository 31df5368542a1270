/** Somebody holds the table of transactions for himself, as a careless migration does. */
import type { Fault } from '../arena.ts';
import { asking } from '../tables.ts';
import { sleep } from '../wait.ts';

export const tableLocked: Fault = {
  kind: 'table-locked',
  breaks: ['postgres'],
  limitMs: 15_000,
  bar: { says: 'first accept ≤ 2 s after the lock is gone', maxMs: 2_000, measure: 'first' },
  strike: async ({ services }, random) => {
    const ms = random.between(500, 4_000);
    const table = random.pick(['transaction', 'transaction_event']);
    await asking(services.env.DATABASE_URL, async (client) => {
      await client.query('begin');
      await client.query(`set local lock_timeout = '3s'`);
      await client.query(`lock table ${table} in access exclusive mode`);
      await sleep(ms);
      await client.query('rollback');
    });
    return { note: `${table} for ${ms} ms`, fromMs: Date.now() };
  },
};
