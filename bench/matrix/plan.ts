/** What `--all` measures, and in which order: peers take turns, and each takes all its phases on one start. */
import type { Phase } from '../load/protocol.ts';
import type { PeerName } from '../peers/peer.ts';
import { rotated } from '../run-sitting.ts';
import type { SittingOf } from '../run-sitting.ts';

export const closedPeers = [
  'roles',
  'textbook',
  'standalone-services',
  'bullmq',
  'standalone',
  'dbos',
  'unsafe',
] as const satisfies readonly PeerName[];
export const fixedRates = [50, 300, 1_000] as const;
export const writesBesideReads = 300;

const connectionCounts = [64, 256] as const;
/** Far from every bar, or with a long drain: what they come to shows in less time. */
const short: ReadonlySet<PeerName> = new Set(['dbos', 'unsafe']);
const readConnections = 64;
/** These meet at the fixed rates; of the embedded one only what it does at half of its own peak is asked. */
const openPeers = ['roles', 'textbook', 'standalone-services', 'standalone'] as const satisfies readonly PeerName[];

export type Extent = {
  readonly rounds: number;
  /** Of the closed loops; the others are as long as this, or shorter. */
  readonly seconds: number;
};

/** Both counts on one start; which of them comes first changes with the round. */
export function closedLoops({ rounds, seconds }: Extent): readonly SittingOf[] {
  return inRounds(rounds, closedPeers, (peer, round) => ({
    ...{ peer, round },
    phases: rotated(connectionCounts, round - 1).map((connections) => ({
      ...{ type: 'closed', connections },
      seconds: short.has(peer) ? shorter(seconds) : seconds,
    })),
  }));
}

/** `peaks`: decided per second, of each peer that decides. */
export function openLoops(
  { rounds, seconds }: Extent,
  peaks: Readonly<Partial<Record<PeerName, number>>>,
): readonly SittingOf[] {
  return inRounds(rounds, openPeers, (peer, round) => {
    const peak = peaks[peer];
    const half: readonly Phase[] =
      peak === undefined || !(peak >= 2)
        ? []
        : [{ type: 'open', rate: Math.round(peak / 2), seconds: shorter(seconds), of: 'half of peak' }];
    const fixed = fixedRates.map(
      // At 50/s ten seconds are 500 samples: fewer would leave nothing of a p99.
      (rate) => ({ type: 'open', rate, seconds: rate < 100 ? seconds : shorter(seconds) }) as const,
    );
    return { peer, round, phases: peer === 'standalone' ? half : [...fixed, ...half] };
  });
}

export function reads({ rounds, seconds }: Extent): readonly SittingOf[] {
  const phases = [0, writesBesideReads].map(
    (writesPerSecond) =>
      ({ type: 'reads', connections: readConnections, writesPerSecond, seconds: Math.ceil(seconds / 3) }) as const,
  );
  return inRounds(rounds, ['roles', 'koa-pg'], (peer, round) => ({ peer, round, phases }));
}

export function httpFloors({ seconds }: Extent): readonly SittingOf[] {
  const phases = [{ type: 'closed', connections: connectionCounts[0], seconds: Math.ceil(seconds / 3) }] as const;
  return inRounds(1, ['bare-http', 'koa-ajv', 'koa-pg'], (peer, round) => ({ peer, round, phases }));
}

function shorter(seconds: number): number {
  return Math.ceil(0.6 * seconds);
}

function inRounds(
  rounds: number,
  peers: readonly PeerName[],
  sitting: (peer: PeerName, round: number) => SittingOf,
): readonly SittingOf[] {
  return Array.from({ length: rounds }, (_, index) =>
    rotated(peers, index).map((peer) => sitting(peer, index + 1)),
  ).flat();
}
