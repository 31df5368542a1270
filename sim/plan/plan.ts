/** Everything that is decided about a run before it begins: who runs, what clients do, and which faults come when. The same seed makes the same plan. */
import { Random } from '../kernel/random.ts';
import type { ConfigChoices } from '../processes/config.ts';
import type { ProcessPlan } from '../processes/fleet.ts';
import type { Fault, FaultKind } from '../faults/fault-kinds.ts';
import { faultKinds, planFault } from '../faults/fault-kinds.ts';

export type Intent = {
  readonly name: string;
  readonly client: ClientName;
  readonly key: string;
  readonly at: number;
  readonly body: Readonly<Record<string, string | number>>;
  /** `Prefer: wait` in seconds; 0 for none. */
  readonly waitSeconds: number;
  /** The same request again, or another body under the same key, after so many milliseconds. */
  readonly repeats: readonly { readonly afterMs: number; readonly conflicting: boolean }[];
  readonly reads: number;
  /** Follows the transaction's own stream as well. */
  readonly follows: boolean;
};

export type ClientName = 'north' | 'south';

export type SubscriberPlan = { readonly client: ClientName; readonly at: number; readonly status: string | undefined };

export type Plan = {
  readonly seed: number;
  /** Faults end, and everything must come to rest. */
  readonly quiet: boolean;
  readonly activeMs: number;
  readonly processes: readonly ProcessPlan[];
  readonly config: ConfigChoices;
  readonly intents: readonly Intent[];
  readonly subscribers: readonly SubscriberPlan[];
  readonly faults: readonly Fault[];
};

export function planOf(seed: number, allowed: readonly FaultKind[] = faultKinds): Plan {
  const random = new Random(`seed ${seed}`).fork('plan');
  const activeMs = random.between(2_500, 7_000);
  const processes = planProcesses(random.fork('processes'));
  const intents = planIntents(random.fork('intents'), activeMs);
  return {
    ...{ seed, activeMs, processes, intents },
    quiet: seed % 2 === 0,
    config: {
      decideWithinMs: random.pick([700, 1_200, 2_000, 3_500, 600_000, 600_000, 600_000]),
      ringMax: random.pick([2, 4, 100]),
      announceMax: random.pick([1, 20, 20]),
    },
    subscribers: planSubscribers(random.fork('subscribers'), activeMs),
    faults: planFaults(random.fork('faults'), { activeMs, processes, allowed }),
  };
}

function planProcesses(random: Random): readonly ProcessPlan[] {
  const judges = random.chance(0.6) ? 2 : 1;
  const relays = random.chance(0.4) ? 2 : 1;
  return [
    { name: 'door-1', roles: ['front-door'] },
    { name: 'door-2', roles: ['front-door'] },
    ...named('judge', judges).map((name) => ({ name, roles: ['anti-fraud', 'settlement'] as const })),
    ...named('relay', relays).map((name) => ({ name, roles: ['relay'] as const })),
  ];
}

function named(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

function planIntents(random: Random, activeMs: number): readonly Intent[] {
  // Some come at one moment, so that they share a batch.
  const together = random.between(100, activeMs / 2);
  return Array.from({ length: 3 + random.integer(4) }, (_, index): Intent => {
    const sharesKey = index > 0 && random.chance(0.2);
    return {
      name: `T${index + 1}`,
      client: sharesKey ? 'south' : random.pick(['north', 'north', 'south'] as const),
      key: `key-${sharesKey ? 1 : index + 1}-${'x'.repeat(4)}`,
      at: random.chance(0.4) ? together : random.between(50, activeMs * 0.9),
      body: {
        accountExternalIdDebit: account(random),
        accountExternalIdCredit: account(random),
        transferTypeId: 1 + random.integer(2),
        value: random.chance(0.3) ? 1_500 : 120.5,
      },
      waitSeconds: random.chance(0.3) ? 1 + random.integer(2) : 0,
      repeats: Array.from({ length: random.pick([0, 0, 1, 1, 2]) }, () => ({
        afterMs: random.chance(0.5) ? random.between(0, 20) : random.between(20, 2_500),
        conflicting: random.chance(0.25),
      })),
      reads: random.integer(4),
      follows: random.chance(0.35),
    };
  });
}

function account(random: Random): string {
  const hex = (): string => random.word().toString(16).padStart(8, '0');
  const [a, b, c] = [hex(), hex(), hex()];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(0, 3)}-${c.slice(4)}${hex()}`;
}

function planSubscribers(random: Random, activeMs: number): readonly SubscriberPlan[] {
  return Array.from({ length: 1 + random.integer(2) }, () => ({
    client: random.pick(['north', 'north', 'south'] as const),
    at: random.between(0, activeMs / 2),
    status: random.pick([undefined, undefined, 'APPROVED,REJECTED']),
  }));
}

type Circumstances = {
  readonly activeMs: number;
  readonly processes: readonly ProcessPlan[];
  readonly allowed: readonly FaultKind[];
};

/** A run has few kinds of faults, several of each: with all of them at once none would show what it does. Now and then there is a storm. */
function planFaults(random: Random, { activeMs, processes, allowed }: Circumstances): readonly Fault[] {
  if (allowed.length === 0) return [];
  const count = random.chance(0.1) ? 8 + random.integer(10) : random.integer(8);
  const kinds = Array.from({ length: count }, () => random.pick(allowed));
  return [...new Set(kinds)]
    .flatMap((kind) =>
      Array.from({ length: 1 + random.integer(3) }, () => planFault(kind, { random, activeMs, processes })),
    )
    .toSorted((a, b) => a.at - b.at);
}
