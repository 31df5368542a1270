/** All that a fault may touch. */
import type { ServiceName } from '../tools/services/service.ts';
import type { Services } from '../tools/services/start-services.ts';
import type { Disk } from './disk.ts';
import type { Epochs } from './epochs.ts';
import type { Fleet } from './fleet.ts';
import type { Planter } from './planter.ts';
import type { Links } from './proxy/links.ts';
import type { Random } from './random.ts';
import type { Role } from './replicas.ts';
import type { Lane } from './watch/vitals.ts';

export type Arena = {
  readonly fleet: Fleet;
  readonly services: Services;
  readonly links: Links;
  readonly epochs: Epochs;
  readonly planter: Planter;
  /** Undefined where this machine lets nobody make one that can be filled. */
  readonly disk: Disk | undefined;
};

/** Faults that break the same thing do not overlap; `everything` overlaps with none. */
export type Target = Role | ServiceName | 'everything';

export type Fault = {
  readonly kind: string;
  readonly breaks: readonly Target[];
  /** After which the watchdog mends what it broke. */
  readonly limitMs: number;
  readonly bar?: Bar;
  /** Resolves when the fault has ended, the recovery from it not included. */
  readonly strike: (arena: Arena, random: Random) => Promise<Struck>;
};

export type Bar = {
  readonly says: string;
  readonly maxMs: number;
  /** `first`: until the first transaction is accepted; a lane: until nothing is amiss in it; `took`: what the strike itself measured. */
  readonly measure: 'first' | 'took' | Lane;
};

export type Struck = {
  readonly note: string;
  /** From when on recovery counts. */
  readonly fromMs: number;
  /** Whose first answer counts. */
  readonly door?: string;
  readonly tookMs?: number;
};
