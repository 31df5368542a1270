/** What one phase of one peer came to, and how turns are told apart and put together over the rounds. */
import type { Phase, PhaseResult } from '../load/protocol.ts';
import type { PeerName } from '../peers/peer.ts';
import type { Told } from './metrics.ts';
import type { Memory } from './processes.ts';

export type Turn = Told & {
  readonly phase: Phase;
  readonly acceptedPerSecond: number;
  /** Until the last decision, the drain included. 0 where nothing is decided. */
  readonly decidedPerSecond: number;
  readonly readsPerSecond: number;
  readonly drainMs: number;
  /** Microseconds per accepted transaction (and read, where there are reads), the drain included, by process. */
  readonly cpu: Readonly<Record<string, number>>;
  readonly memory: Readonly<Record<string, Memory>>;
  /** Share of the machine's busy time that belonged to nobody of this turn. */
  readonly othersShare: number;
  /** Answers other than 201 to a POST and 200 to a GET, by status; `0` is a connection that broke. */
  readonly refused: Readonly<Record<string, number>>;
  /** What does not add up; empty is what every turn has to be. */
  readonly faults: readonly string[];
  readonly complaints: readonly string[];
  /** `process.hrtime` of the measured phase in microseconds, by which profiles are cut. */
  readonly window: readonly [number, number];
  readonly result: PhaseResult;
};

export type MeasuredTurn = { readonly peer: PeerName; readonly round: number; readonly turn: Turn };

/** One word for what was asked, equal for equal phases. */
export function nameOf(phase: Phase): string {
  switch (phase.type) {
    case 'closed':
      return `${phase.connections} conn.`;
    case 'open':
      return phase.of === undefined ? `${phase.rate}/s` : `${phase.of}, ${phase.rate}/s`;
    case 'reads':
      return phase.writesPerSecond === 0 ? 'reads' : `reads, ${phase.writesPerSecond} writes/s`;
  }
}

/** Over the rounds. NaN of nothing. */
export function median(turns: readonly MeasuredTurn[], pick: (turn: Turn) => number): number {
  const sorted = turns.map(({ turn }) => pick(turn)).toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** The turns of one peer's closed loops at the number of connections that decided the most, by the median; where nothing is decided, accepted. */
export function peakOf(turns: readonly MeasuredTurn[], peer: PeerName): readonly MeasuredTurn[] {
  const closed = turns.filter((each) => each.peer === peer && each.turn.phase.type === 'closed');
  const groups = [...Map.groupBy(closed, ({ turn }) => nameOf(turn.phase)).values()];
  return groups.toSorted((left, right) => median(right, speedOf) - median(left, speedOf))[0] ?? [];
}

export function speedOf(turn: Turn): number {
  return turn.decidedPerSecond > 0 ? turn.decidedPerSecond : turn.acceptedPerSecond;
}
