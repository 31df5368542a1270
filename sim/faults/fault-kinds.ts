/** Every fault by its name, and how one is drawn: when it comes, whom it meets, how long it lasts. */
import type { Random } from '../kernel/random.ts';
import type { ProcessPlan } from '../processes/fleet.ts';

export type Fault = {
  readonly kind: FaultKind;
  readonly at: number;
  /** The process that it meets, where it meets one. */
  readonly target: string;
  readonly ms: number;
};

/** They wait for the next call that they fit, and spoil that one. */
export const armedFaults = [
  'crash-after-commit',
  'crash-after-append',
  'crash-after-key-store',
  'crash-after-offset-commit',
  'freeze-in-append',
  'freeze-in-commit',
  'race',
  'database-error',
  'commit-failed',
  'slow-commit',
  'lost-commit-reply',
  'lost-notification',
  'append-refused',
  'append-late',
  'append-in-part',
  'append-doubled',
  'lost-append-ack',
  'wipe-after-append',
  'lost-offset-commit',
  'key-store-error',
  'lost-key-store-reply',
  'lost-response',
] as const;

export const faultKinds = [
  ...armedFaults,
  'crash',
  'stop',
  'stop-in-outage',
  'freeze',
  'judges-freeze',
  'clock',
  'slow',
  'database-crash',
  'long-unit-of-work',
  'log-down',
  'log-wipe',
  'log-wipe-unnoticed',
  'offsets-deleted',
  'retention-cut',
  'rebalance',
  'key-store-flush',
  'key-store-down',
  'everything-crashes',
  'stream-cut',
  'stream-stall',
  'poison',
  'unknown-decision',
  'contradiction',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export function isArmed(kind: FaultKind): boolean {
  const armed: readonly string[] = armedFaults;
  return armed.includes(kind);
}

export function isFaultKind(text: string): text is FaultKind {
  const kinds: readonly string[] = faultKinds;
  return kinds.includes(text);
}

type Circumstances = { readonly random: Random; readonly activeMs: number; readonly processes: readonly ProcessPlan[] };

export function planFault(kind: FaultKind, { random, activeMs, processes }: Circumstances): Fault {
  const able = processes.filter(({ roles }) => fits(kind, roles));
  // Deadlines are rarer than decisions, and a relay that is raced is rarer still: it gets most of the races.
  const relays = kind === 'race' ? able.filter(({ roles }) => roles.includes('relay')) : [];
  const fitting = [...able, ...relays, ...relays, ...relays];
  return {
    kind,
    at: random.between(20, activeMs),
    target: random.pick(fitting).name,
    ms: kind === 'clock' ? random.between(-6_000, 6_000) : random.between(150, 2_800),
  };
}

/** Nothing is gained by lying in wait for calls that a process never makes. */
function fits(kind: FaultKind, roles: ProcessPlan['roles']): boolean {
  switch (kind) {
    case 'race':
      return roles.includes('settlement') || roles.includes('relay');
    case 'lost-offset-commit':
    case 'crash-after-offset-commit':
      return roles.includes('settlement');
    case 'lost-response':
    case 'lost-notification':
      return roles.includes('front-door');
    case 'key-store-error':
    case 'lost-key-store-reply':
    case 'crash-after-key-store':
      return !roles.includes('relay');
    default:
      return true;
  }
}
