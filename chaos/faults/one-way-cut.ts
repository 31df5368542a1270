/** What one role says to one service, or what it hears from it, does not arrive; nobody is told that the connection is dead. In the end it all arrives late, or the connection breaks. */
import type { Fault } from '../arena.ts';
import { sleep } from '../wait.ts';

export const oneWayCut: Fault = {
  kind: 'one-way-cut',
  breaks: [],
  limitMs: 20_000,
  bar: { says: 'by itself ≤ 15 s', maxMs: 15_000, measure: 'flow' },
  strike: async ({ links }, random) => {
    const link = random.pick(links.all);
    const direction = random.chance(0.5) ? 'out' : 'back';
    const ms = random.between(2_000, 8_000);
    link.hold(direction);
    await sleep(ms);
    const breaks = random.chance(0.5);
    if (breaks) link.cut();
    link.mend();
    return { note: `${link.name}, ${direction}, ${ms} ms, ${breaks ? 'broken' : 'late'}`, fromMs: Date.now() };
  },
};
