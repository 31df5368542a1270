/** A writing unit of work is left open for seconds: its place in the journal is early, and it commits late. Every cursor has to wait for it. */
import type { Fault } from '../arena.ts';
import { asking } from '../tables.ts';
import { sleep } from '../wait.ts';

export const lateCommit: Fault = {
  kind: 'late-commit',
  breaks: [],
  limitMs: 15_000,
  strike: async ({ services }, random) => {
    const ms = random.between(1_000, 4_500);
    const fromMs = Date.now();
    await asking(services.env.DATABASE_URL, async (client) => {
      await client.query('begin');
      await client.query('select pg_current_xact_id()');
      await sleep(ms);
      await client.query(random.chance(0.5) ? 'commit' : 'rollback');
    });
    return { note: `open for ${ms} ms`, fromMs };
  },
};
