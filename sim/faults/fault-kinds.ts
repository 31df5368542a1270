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
  'database-error',
  'lost-commit-reply',
  'lost-notification',
  'append-refused',
  'append-late',
  'append-in-part',
  'append-doubled',
  'lost-append-ack',
  'lost-offset-commit',
  'key-store-error',
  'lost-key-store-reply',
  'lost-response',
] as const;

export const faultKinds = [
  ...armedFaults,
  'crash',
  'stop',
  'freeze',
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
  return {
    kind,
    at: random.between(20, activeMs),
    target: random.pick(processes).name,
    ms: kind === 'clock' ? random.between(-6_000, 6_000) : random.between(150, 2_800),
  };
}
