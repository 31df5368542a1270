/** Starts a peer, takes it through its phases, writes down each turn, and ends it: the one way in which anything here is measured. */
import { appendFile } from 'node:fs/promises';

import type { Phase } from './load/protocol.ts';
import { measurePeer } from './measure/measure-peer.ts';
import { nameOf } from './measure/turn.ts';
import type { MeasuredTurn } from './measure/turn.ts';
import type { PeerName } from './peers/peer.ts';
import { starters } from './peers/starters.ts';
import type { LazyServices } from './services.ts';

export type Stand = {
  readonly services: LazyServices;
  /** One line of JSON for each turn. */
  readonly file: string;
  readonly warmUpSeconds: number;
  /** For Verdict's processes: `NODE_OPTIONS` and the like. */
  readonly env: Readonly<Record<string, string>>;
  /** Nothing else is called so in this run. */
  readonly nextPrefix: (peer: PeerName) => string;
};

export type SittingOf = { readonly peer: PeerName; readonly round: number; readonly phases: readonly Phase[] };

export async function runSitting(stand: Stand, { peer, round, phases }: SittingOf): Promise<readonly MeasuredTurn[]> {
  const { services, env, warmUpSeconds } = stand;
  await using running = await starters[peer]({
    prefix: stand.nextPrefix(peer),
    services: () => services.get(),
    env,
  });
  const turns: MeasuredTurn[] = [];
  await measurePeer(running, { phases, warmUpSeconds }, async (turn) => {
    const measured = { peer, round, turn };
    turns.push(measured);
    await appendFile(stand.file, `${JSON.stringify({ at: new Date().toISOString(), ...measured })}\n`);
    console.log(progress(measured));
  });
  return turns;
}

/** Prefixes that name databases and topics: each is used once. */
export function prefixes(): Stand['nextPrefix'] {
  let count = 0;
  return (peer) => {
    count += 1;
    return `bench_${peer.replaceAll('-', '_')}_${count}`;
  };
}

/** Whoever comes first meets the coldest machine, so everybody does once. */
export function rotated<T>(all: readonly T[], by: number): readonly T[] {
  const at = by % Math.max(1, all.length);
  return [...all.slice(at), ...all.slice(0, at)];
}

function progress({ peer, round, turn }: MeasuredTurn): string {
  const { acceptedPerSecond, decidedPerSecond, readsPerSecond, result, refused, faults, complaints } = turn;
  const rates = [
    `${Math.round(acceptedPerSecond)} accepted/s`,
    decidedPerSecond > 0 && `${Math.round(decidedPerSecond)} decided/s`,
    turn.phase.type === 'reads' && `${Math.round(readsPerSecond)} reads/s`,
    `POST p99 ${result.post.p99.toFixed(0)} ms`,
    decidedPerSecond > 0 && `decided p50 ${result.decision.p50.toFixed(0)}, p99 ${result.decision.p99.toFixed(0)} ms`,
  ].filter((each) => each !== false);
  const more = [
    ...faults,
    ...Object.entries(refused).map(([status, count]) => `${count} answers ${status === '0' ? 'broken off' : status}`),
    ...(complaints.length === 0 ? [] : [`${complaints.length} lines of complaint, see the file`]),
  ];
  return [`round ${round}  ${peer.padEnd(19)} ${nameOf(turn.phase).padEnd(10)} ${rates.join(', ')}`, ...more].join(
    '  ',
  );
}
