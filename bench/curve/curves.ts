/** Latency over rate: for each peer that met open loops its median p50 and p99, from the slowest rate to the fastest. */
import { median } from '../measure/turn.ts';
import type { MeasuredTurn } from '../measure/turn.ts';
import type { Line, Words } from './svg.ts';

export const curveWords: Words = {
  title: 'From POST to decision, over the rate',
  x: 'transactions per second',
  y: 'ms',
};

/** From POST to its decision in milliseconds; peers in the order in which they were first met. */
export function curvesOf(turns: readonly MeasuredTurn[]): readonly Line[] {
  const open = turns.flatMap((each) =>
    each.turn.phase.type === 'open' && each.turn.result.decided > 0 ? [{ each, rate: each.turn.phase.rate }] : [],
  );
  return [...Map.groupBy(open, ({ each }) => each.peer)].flatMap(([peer, own]) => {
    const byRate = [...Map.groupBy(own, ({ rate }) => rate)].toSorted(([left], [right]) => left - right);
    return (['p50', 'p99'] as const).map((percentile) => ({
      ...{ name: `${peer} ${percentile}`, group: peer, broken: percentile === 'p99' },
      points: byRate.map(([rate, of]) => ({
        x: rate,
        y: median(
          of.map(({ each }) => each),
          ({ result }) => result.decision[percentile],
        ),
      })),
    }));
  });
}
