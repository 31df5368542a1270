/** The clock of one process jumps by up to a minute and a half, either way, while it works, and jumps back some seconds later. */
import { fileURLToPath } from 'node:url';
import type { Fault } from '../arena.ts';
import { sleep } from '../wait.ts';

const jumpingClock = fileURLToPath(new URL('jumping-clock.ts', import.meta.url));

export const clockSkew: Fault = {
  kind: 'clock-skew',
  breaks: ['front-door', 'relay', 'anti-fraud', 'settlement'],
  limitMs: 150_000,
  strike: async ({ fleet }, random) => {
    const name = random.pick(fleet.up);
    const skewMs = random.between(5_000, 90_000) * (random.chance(0.5) ? 1 : -1);
    const fromMs = Date.now();
    await fleet.end(name);
    await fleet.start(name, { NODE_OPTIONS: `--import ${jumpingClock}`, CHAOS_CLOCK_SKEW_MS: String(skewMs) });
    fleet.signal(name, 'SIGUSR2');
    await sleep(random.between(2_000, 6_000));
    fleet.signal(name, 'SIGUSR2');
    await sleep(random.between(500, 1_500));
    await fleet.end(name);
    await fleet.start(name);
    return { note: `${name} by ${skewMs} ms`, fromMs };
  },
};
