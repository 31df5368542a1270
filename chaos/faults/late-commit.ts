/**
 * A writing unit of work is left open for seconds, and holds the rows of what is PENDING: whoever settles these waits for it, so that its own place in the journal
 * is early and its commit late. No cursor may go past them.
 */
import type { Fault } from '../arena.ts';
import { asking } from '../tables.ts';
import { sleep } from '../wait.ts';

export const lateCommit: Fault = {
  kind: 'late-commit',
  breaks: [],
  limitMs: 15_000,
  strike: async ({ services }, random) => {
    const ms = random.between(500, 4_500);
    const fromMs = Date.now();
    let rows = 0;
    await asking(services.env.DATABASE_URL, async (client) => {
      await client.query('begin');
      await client.query('select pg_current_xact_id()');
      const held = await client.query(`select id from transaction where status = 'PENDING' for update skip locked`);
      rows = held.rowCount ?? 0;
      await sleep(ms);
      await client.query(random.chance(0.5) ? 'commit' : 'rollback');
    });
    return { note: `open for ${ms} ms with ${rows} rows`, fromMs };
  },
};
