/** A process whose event loop is blocked again and again: stopped for a quarter of a second, let go for a tenth. */
import type { Fault } from '../arena.ts';
import { sleep } from '../wait.ts';

export const stutter: Fault = {
  kind: 'stutter',
  breaks: ['front-door', 'relay', 'anti-fraud', 'settlement'],
  limitMs: 20_000,
  strike: async ({ fleet }, random) => {
    const name = random.pick(fleet.up);
    const times = random.between(8, 20);
    const fromMs = Date.now();
    for (let turn = 0; turn < times; turn += 1) {
      fleet.freeze(name);
      await sleep(250);
      fleet.thaw(name);
      await sleep(100);
    }
    return { note: `${name}, ${times} times`, fromMs };
  },
};
