/** SIGTERM, end in good order, start again: one replica of a role after the other, as a release does. */
import type { Fault } from '../arena.ts';
import { replicasOf, roles } from '../replicas.ts';

export const rollingRestart: Fault = {
  kind: 'rolling-restart',
  breaks: ['front-door', 'relay', 'anti-fraud', 'settlement'],
  limitMs: 90_000,
  bar: { says: 'SIGTERM under load: exit 0 within 10 s', maxMs: 10_000, measure: 'took' },
  strike: async ({ fleet }, random) => {
    const role = random.pick(roles);
    const fromMs = Date.now();
    let tookMs = 0;
    for (const name of replicasOf(role)) {
      tookMs = Math.max(tookMs, await fleet.end(name));
      await fleet.start(name);
    }
    return { note: role, fromMs, tookMs };
  },
};
