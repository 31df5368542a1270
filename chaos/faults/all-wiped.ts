/** Kafka and Redis are wiped together: what is left is PostgreSQL, and that is enough. */
import type { Fault } from '../arena.ts';

export const allWiped: Fault = {
  kind: 'redis-and-kafka-wiped',
  breaks: ['kafka', 'redis'],
  limitMs: 90_000,
  bar: { says: 'a full wipe ≤ 120 s', maxMs: 120_000, measure: 'flow' },
  strike: async ({ epochs }) => {
    const beganMs = Date.now();
    await epochs.wipe(true);
    return { note: `took ${Date.now() - beganMs} ms`, fromMs: Date.now() };
  },
};
