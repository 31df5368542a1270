/** A process whose clock is up to a minute and a half off, either way, and is set right by its restart. */
import { fileURLToPath } from 'node:url';
import type { Fault } from '../arena.ts';
import { sleep } from '../wait.ts';

const skewedClock = fileURLToPath(new URL('skewed-clock.ts', import.meta.url));

export const clockSkew: Fault = {
  kind: 'clock-skew',
  breaks: ['front-door', 'relay', 'anti-fraud', 'settlement'],
  limitMs: 90_000,
  strike: async ({ fleet }, random) => {
    const name = random.pick(fleet.up);
    const skewMs = random.between(5_000, 90_000) * (random.chance(0.5) ? 1 : -1);
    const fromMs = Date.now();
    await fleet.end(name);
    await fleet.start(name, { NODE_OPTIONS: `--import ${skewedClock}`, CHAOS_CLOCK_SKEW_MS: String(skewMs) });
    await sleep(random.between(2_000, 6_000));
    await fleet.end(name);
    await fleet.start(name);
    return { note: `${name} by ${skewMs} ms`, fromMs };
  },
};
