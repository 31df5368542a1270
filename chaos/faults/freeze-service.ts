/** A service that keeps its connections and answers nothing for a while. */
import type { ServiceName } from '../../tools/services/service.ts';
import type { Bar, Fault } from '../arena.ts';
import { sleep } from '../wait.ts';

const bars: Readonly<Record<ServiceName, Bar>> = {
  postgres: { says: 'first accept ≤ 2 s after it goes on', maxMs: 2_000, measure: 'first' },
  kafka: { says: 'flows ≤ 20 s after it goes on', maxMs: 20_000, measure: 'flow' },
  redis: { says: 'Redis frozen: the pipeline never stops', maxMs: 0, measure: 'flow' },
};

export function freezeService(name: ServiceName): Fault {
  return {
    kind: `${name}-frozen`,
    breaks: [name],
    limitMs: 30_000,
    bar: bars[name],
    strike: async ({ services }, random) => {
      const ms = random.between(1_000, 8_000);
      const frozenMs = Date.now();
      services.stop(name);
      await sleep(ms);
      services.cont(name);
      return { note: `for ${ms} ms`, fromMs: name === 'redis' ? frozenMs : Date.now() };
    },
  };
}
