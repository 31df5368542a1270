/** Every connection of Verdict's to PostgreSQL is terminated by the server, in the middle of whatever it does. */
import type { Fault } from '../arena.ts';
import { asking } from '../tables.ts';

export const postgresBackends: Fault = {
  kind: 'postgres-backends-terminated',
  breaks: ['postgres'],
  limitMs: 10_000,
  bar: { says: 'first accept ≤ 2 s', maxMs: 2_000, measure: 'first' },
  strike: async ({ services }) => {
    const fromMs = Date.now();
    const ended = await asking(services.env.DATABASE_URL, async (client) => {
      const { rowCount } = await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'verdict%' and pid <> pg_backend_pid()`,
      );
      return rowCount;
    });
    return { note: `${ended} connections`, fromMs };
  },
};
