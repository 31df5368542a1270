/** A burst of records on both topics that nobody can handle. */
import type { Fault } from '../arena.ts';

export const poisonBurst: Fault = {
  kind: 'poison-burst',
  breaks: [],
  limitMs: 15_000,
  bar: { says: 'poison does not hold up the rest', maxMs: 0, measure: 'flow' },
  strike: async ({ planter }, random) => {
    const fromMs = Date.now();
    const count = random.between(10, 40);
    const taken = await planter.poison(count);
    return { note: `${count} on each topic${taken ? '' : ', not taken'}`, fromMs };
  },
};
