/** Latency and jitter between everybody and one service, or between one role and everything. */
import type { Fault } from '../arena.ts';
import { roles } from '../replicas.ts';
import { sleep } from '../wait.ts';

export const slowNetwork: Fault = {
  kind: 'slow-network',
  breaks: [],
  limitMs: 20_000,
  bar: { says: 'by itself ≤ 5 s', maxMs: 5_000, measure: 'flow' },
  strike: async ({ links }, random) => {
    const byRole = random.chance(0.5);
    const where = byRole
      ? { role: random.pick(roles) }
      : { service: random.pick(['postgres', 'kafka', 'redis'] as const) };
    const weather = { delayMs: random.between(5, 60), jitterMs: random.between(0, 150) };
    const ms = random.between(2_000, 6_000);
    const slow = links.between(where);
    for (const link of slow) link.slow(weather);
    await sleep(ms);
    for (const link of slow) link.mend();
    return {
      note: `${Object.values(where).join()}: ${weather.delayMs} to ${weather.delayMs + weather.jitterMs} ms for ${ms} ms`,
      fromMs: Date.now(),
    };
  },
};
