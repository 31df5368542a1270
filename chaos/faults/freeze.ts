/** SIGSTOP, and SIGCONT after a while that is often longer than its group waits for it: it wakes up as a zombie, in the belief that nothing has happened. */
import type { Bar, Fault } from '../arena.ts';
import { replicasOf } from '../replicas.ts';
import type { Role } from '../replicas.ts';
import { sleep } from '../wait.ts';

const bars: Readonly<Record<Role, Bar>> = {
  'front-door': { says: 'felt no longer than it is frozen, and 3 s', maxMs: 15_000, measure: 'flow' },
  relay: { says: 'relay moves ≤ 12 s', maxMs: 12_000, measure: 'relay' },
  'anti-fraud': { says: 'partitions move ≤ 15 s', maxMs: 15_000, measure: 'flow' },
  settlement: { says: 'partitions move ≤ 15 s', maxMs: 15_000, measure: 'flow' },
};

export function freeze(role: Role): Fault {
  return {
    kind: `freeze-${role}`,
    breaks: [role],
    limitMs: 20_000,
    bar: bars[role],
    strike: async ({ fleet }, random) => {
      const name = random.pick(replicasOf(role).filter((each) => fleet.isUp(each)));
      const ms = random.between(2_000, 12_000);
      const fromMs = Date.now();
      fleet.freeze(name);
      await sleep(ms);
      fleet.thaw(name);
      return { note: `${name} for ${ms} ms`, fromMs };
    },
  };
}
