/** Turns as a bench would have measured them, with what a test says about them. */
import type { Phase } from '../../bench/load/protocol.ts';
import type { MeasuredTurn } from '../../bench/measure/turn.ts';
import type { PeerName } from '../../bench/peers/peer.ts';

export type Figures = {
  readonly peer: PeerName;
  readonly phase: Phase;
  readonly round?: number;
  readonly decidedPerSecond?: number;
  readonly readsPerSecond?: number;
  readonly postP50?: number;
  readonly postP99?: number;
  readonly decisionP50?: number;
  readonly decisionP99?: number;
};

export const closed = (connections: number): Phase => ({ type: 'closed', connections, seconds: 10 });
export const open = (rate: number): Phase => ({ type: 'open', rate, seconds: 10 });
export const half = (rate: number): Phase => ({ type: 'open', rate, seconds: 10, of: 'half of peak' });

export function turnOf(figures: Figures): MeasuredTurn {
  const { peer, phase, round = 1, decidedPerSecond = 1_000, readsPerSecond = 0 } = figures;
  const { postP50 = 1, postP99 = 2, decisionP50 = 3, decisionP99 = 4 } = figures;
  const seconds = phase.seconds;
  return {
    peer,
    round,
    turn: {
      ...{ phase, acceptedPerSecond: decidedPerSecond, decidedPerSecond, readsPerSecond, drainMs: 0 },
      ...{ cpu: {}, memory: {}, batchSizes: {}, loopDelayMs: {}, othersShare: 0 },
      ...{ refused: {}, faults: [], complaints: [], window: [0, 1] },
      result: {
        ...{
          accepted: decidedPerSecond * seconds,
          decided: decidedPerSecond * seconds,
          reads: readsPerSecond * seconds,
        },
        ...{ refused: {}, strays: 0, open: 0, postingMs: seconds * 1000, decidedMs: seconds * 1000 },
        post: { p50: postP50, p99: postP99, p999: postP99, max: postP99 },
        decision: { p50: decisionP50, p99: decisionP99, p999: decisionP99, max: decisionP99 },
        read: { p50: 1, p99: 1, p999: 1, max: 1 },
      },
    },
  };
}
