/** Latency over rate: for each peer that met open loops its median p50 and p99, from the slowest rate to the fastest. */
import { median } from '../measure/turn.ts';
import type { MeasuredTurn } from '../measure/turn.ts';

export type Point = { readonly rate: number; readonly ms: number };
export type Curve = { readonly peer: string; readonly percentile: 'p50' | 'p99'; readonly points: readonly Point[] };

/** From POST to its decision; peers in the order in which they were first met. */
export function curvesOf(turns: readonly MeasuredTurn[]): readonly Curve[] {
  const open = turns.flatMap((each) =>
    each.turn.phase.type === 'open' && each.turn.result.decided > 0 ? [{ each, rate: each.turn.phase.rate }] : [],
  );
  return [...Map.groupBy(open, ({ each }) => each.peer)].flatMap(([peer, own]) => {
    const byRate = [...Map.groupBy(own, ({ rate }) => rate)].toSorted(([left], [right]) => left - right);
    return (['p50', 'p99'] as const).map((percentile) => ({
      ...{ peer, percentile },
      points: byRate.map(([rate, of]) => ({
        rate,
        ms: median(
          of.map(({ each }) => each),
          ({ result }) => result.decision[percentile],
        ),
      })),
    }));
  });
}
