/** Both replicas of a role at the same time, so that nobody is there to take over. */
import type { Fault } from '../arena.ts';
import { replicasOf, roles } from '../replicas.ts';

export const killBoth: Fault = {
  kind: 'kill-both',
  breaks: ['front-door', 'relay', 'anti-fraud', 'settlement'],
  limitMs: 70_000,
  bar: { says: 'a role is whole again ≤ 15 s', maxMs: 15_000, measure: 'flow' },
  strike: async ({ fleet }, random) => {
    const role = random.pick(roles);
    const fromMs = Date.now();
    await fleet.kill(...replicasOf(role));
    await Promise.all(replicasOf(role).map((name) => fleet.start(name)));
    return { note: role, fromMs };
  },
};
