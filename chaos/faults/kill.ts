/** `kill -9` of one replica; another process takes its place at once. */
import type { Bar, Fault } from '../arena.ts';
import { replicasOf } from '../replicas.ts';
import type { Role } from '../replicas.ts';

const bars: Readonly<Record<Role, Bar>> = {
  'front-door': { says: 'front door replacement serves ≤ 3 s', maxMs: 3_000, measure: 'first' },
  relay: { says: 'relay moves ≤ 12 s', maxMs: 12_000, measure: 'relay' },
  'anti-fraud': { says: 'partitions move ≤ 15 s', maxMs: 15_000, measure: 'flow' },
  settlement: { says: 'partitions move ≤ 15 s', maxMs: 15_000, measure: 'flow' },
};

export function kill(role: Role): Fault {
  return {
    kind: `kill-${role}`,
    breaks: [role],
    limitMs: 70_000,
    bar: bars[role],
    strike: async ({ fleet }, random) => {
      const name = random.pick(replicasOf(role).filter((each) => fleet.isUp(each)));
      const fromMs = Date.now();
      await fleet.kill(name);
      await fleet.start(name);
      return { note: name, fromMs, ...(role === 'front-door' ? { door: fleet.urlOf(name) } : {}) };
    },
  };
}
