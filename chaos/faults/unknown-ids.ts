/** Events about transactions that do not exist. */
import type { Fault } from '../arena.ts';

export const unknownIds: Fault = {
  kind: 'unknown-ids',
  breaks: [],
  limitMs: 15_000,
  bar: { says: 'poison does not hold up the rest', maxMs: 0, measure: 'flow' },
  strike: async ({ planter }, random) => {
    const fromMs = Date.now();
    const count = random.between(5, 20);
    const taken = await planter.unknown(count);
    return { note: `${count} on each topic${taken ? '' : ', not taken'}`, fromMs };
  },
};
