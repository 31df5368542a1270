/** Claims, answers and marks are gone while everybody works with them. */
import type { Fault } from '../arena.ts';

export const redisFlushed: Fault = {
  kind: 'redis-flushed',
  breaks: ['redis'],
  limitMs: 10_000,
  bar: { says: 'the pipeline never stops', maxMs: 0, measure: 'flow' },
  strike: async ({ epochs }) => {
    const fromMs = Date.now();
    await epochs.flush();
    return { note: 'FLUSHALL', fromMs };
  },
};
