/** The log is gone with all that was on it, and another one answers in its place; Redis remembers what it has seen. */
import type { Fault } from '../arena.ts';

export const kafkaWiped: Fault = {
  kind: 'kafka-wiped',
  breaks: ['kafka'],
  limitMs: 90_000,
  bar: { says: 'flows ≤ 20 s after the new log answers', maxMs: 20_000, measure: 'flow' },
  strike: async ({ epochs }) => {
    const beganMs = Date.now();
    await epochs.wipe(false);
    return { note: `took ${Date.now() - beganMs} ms`, fromMs: Date.now() };
  },
};
