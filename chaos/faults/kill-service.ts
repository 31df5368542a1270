/** `kill -9` of a service; it comes back on the same port, and recovery counts from when it answers. */
import type { ServiceName } from '../../tools/services/service.ts';
import type { Bar, Fault } from '../arena.ts';
import { sleep } from '../wait.ts';

const bars: Readonly<Record<ServiceName, Bar>> = {
  postgres: { says: 'PostgreSQL restarted: first accept ≤ 2 s after it is up', maxMs: 2_000, measure: 'first' },
  kafka: { says: 'Kafka restarted: flows ≤ 20 s after its port opens', maxMs: 20_000, measure: 'flow' },
  redis: { says: 'Redis killed: the pipeline never stops', maxMs: 0, measure: 'flow' },
};

export function killService(name: ServiceName): Fault {
  return {
    kind: `${name}-killed`,
    breaks: [name],
    limitMs: 60_000,
    bar: bars[name],
    strike: async ({ services }, random) => {
      const killedMs = Date.now();
      await services.kill(name);
      const ms = random.between(0, 3_000);
      await sleep(ms);
      await services.restart(name);
      return { note: `down for ${Date.now() - killedMs} ms`, fromMs: name === 'redis' ? killedMs : Date.now() };
    },
  };
}
