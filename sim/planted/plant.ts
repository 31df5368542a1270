/** A planted bug: a double of one port of some processes, or of the API behind the routes, wrong in one well-known way. Production code knows nothing of it. */
import type { Api } from '../../src/http/api.ts';
import type { Statements } from '../../src/persistence/statements.ts';
import type { EventLog } from '../../src/platform/event-log/event-log.ts';
import type { KeyStore } from '../../src/platform/key-store/key-store.ts';
import type { Incarnation } from '../kernel/incarnation.ts';
import type { SimulatedRole } from '../processes/life.ts';
import type { Ports, Services } from '../processes/ports.ts';

export type Seam = {
  readonly services: Services;
  readonly incarnation: Incarnation;
  readonly roles: readonly SimulatedRole[];
};

export type Plant = {
  readonly name: string;
  /** What is wrong, in a sentence. */
  readonly what: string;
  readonly statements?: (inner: Statements, seam: Seam, ports: Ports) => Partial<Statements>;
  readonly eventLog?: (inner: EventLog, seam: Seam, ports: Ports) => Partial<EventLog>;
  readonly keyStore?: (inner: KeyStore, seam: Seam) => Partial<KeyStore>;
  readonly api?: (inner: Api, seam: Seam) => Partial<Api>;
};

export function wrapPorts(plant: Plant | undefined, seam: Seam, ports: Ports): Ports {
  if (plant === undefined) return ports;
  const { statements, eventLog, keyStore } = ports;
  return {
    ...ports,
    statements: { ...statements, ...plant.statements?.(statements, seam, ports) },
    eventLog: { ...eventLog, ...plant.eventLog?.(eventLog, seam, ports) },
    keyStore: { ...keyStore, ...plant.keyStore?.(keyStore, seam) },
  };
}

export function wrapApi(plant: Plant | undefined, seam: Seam, api: Api): Api {
  return plant?.api === undefined ? api : { ...api, ...plant.api(api, seam) };
}
