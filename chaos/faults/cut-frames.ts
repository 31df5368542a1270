/** Answers arrive up to their middle, and the connection is gone: again and again, for one role and one service. */
import type { Fault } from '../arena.ts';
import { sleep } from '../wait.ts';

export const cutFrames: Fault = {
  kind: 'cut-frames',
  breaks: [],
  limitMs: 20_000,
  bar: { says: 'by itself ≤ 15 s', maxMs: 15_000, measure: 'flow' },
  strike: async ({ links }, random) => {
    const link = random.pick(links.all);
    const times = random.between(3, 8);
    for (let turn = 0; turn < times; turn += 1) {
      link.cutFrames(random.between(1, 3));
      await sleep(random.between(100, 500));
    }
    link.mend();
    return { note: `${link.name}, ${times} times`, fromMs: Date.now() };
  },
};
