/** Every process of Verdict at once, and half of the time all services with them. */
import type { Fault } from '../arena.ts';
import { replicas } from '../replicas.ts';

export const killEverything: Fault = {
  kind: 'kill-everything',
  breaks: ['everything'],
  limitMs: 90_000,
  bar: { says: 'everything killed at once ≤ 60 s', maxMs: 60_000, measure: 'flow' },
  strike: async ({ fleet, services }, random) => {
    const withServices = random.chance(0.5);
    const names = ['kafka', 'redis', 'postgres'] as const;
    const fromMs = Date.now();
    await Promise.all([fleet.kill(...replicas), ...(withServices ? names.map((name) => services.kill(name)) : [])]);
    if (withServices) await Promise.all(names.map((name) => services.restart(name)));
    await Promise.all(replicas.map((name) => fleet.start(name)));
    return { note: withServices ? 'with all services' : 'processes', fromMs };
  },
};
