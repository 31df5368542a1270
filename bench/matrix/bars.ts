/** The bars that Verdict holds itself to, each against what the same run measured: kept or missed, and missed where nothing was measured. */
import { median, peakOf } from '../measure/turn.ts';
import type { MeasuredTurn, Turn } from '../measure/turn.ts';
import type { PeerName } from '../peers/peer.ts';
import { millis, table, whole } from '../table.ts';
import { fixedRates, writesBesideReads } from './plan.ts';

export type Bar = {
  readonly shape: PeerName;
  readonly what: string;
  /** What was measured, over what it is held against. NaN where one of the two was not measured. */
  readonly ratio: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Not even equal. */
  readonly below?: number;
  readonly measured: string;
  /** What it was made of. */
  readonly turns: readonly MeasuredTurn[];
};

const onServices = ['roles', 'standalone-services'] as const satisfies readonly PeerName[];
const speedBars = { textbook: 4, bullmq: 2.2, dbos: 10, unsafe: 1.5 } as const;
const halfPeakMaxMs = 150;
const embeddedMinPerSecond = 1_500;

export function isKept({ ratio, atLeast, atMost, below }: Bar): boolean {
  if (Number.isNaN(ratio)) return false;
  return ratio >= (atLeast ?? -Infinity) && ratio <= (atMost ?? Infinity) && ratio < (below ?? Infinity);
}

export function barsOf(turns: readonly MeasuredTurn[]): readonly Bar[] {
  return [
    ...onServices.flatMap((shape) => [
      ...speedOver(turns, shape),
      postAtPeak(turns, shape),
      ...fixedRates.flatMap((rate) => decidedAt(turns, shape, rate)),
      decidedAtHalf(turns, shape),
    ]),
    embeddedSpeed(turns),
    decidedAtHalf(turns, 'standalone'),
    readSpeed(turns, 0),
    readSpeed(turns, writesBesideReads),
  ];
}

export function renderBars(bars: readonly Bar[]): string {
  const rows = bars.map((bar) => [
    Number.isNaN(bar.ratio) ? '–' : `${bar.ratio.toFixed(2)}×`,
    limitOf(bar),
    isKept(bar) ? 'kept' : 'missed',
    bar.shape,
    bar.what,
    bar.measured,
    `${whole(100 * Math.max(0, ...bar.turns.map(({ turn }) => turn.othersShare)))} %`,
  ]);
  return table([['ratio', 'bar', '', 'shape', 'what', 'measured', 'others, at most'], ...rows]);
}

function limitOf({ atLeast, atMost, below }: Bar): string {
  if (atLeast !== undefined) return `≥ ${atLeast}×`;
  return atMost === undefined ? `< ${below}×` : `≤ ${atMost}×`;
}

function speedOver(turns: readonly MeasuredTurn[], shape: PeerName): readonly Bar[] {
  return (Object.keys(speedBars) as (keyof typeof speedBars)[]).map((peer) => {
    const what = `decided/s to ${peer}`;
    const sides = [peakOf(turns, shape), peakOf(turns, peer)] as const;
    return { shape, what, atLeast: speedBars[peer], ...compared(sides, (turn) => turn.decidedPerSecond, whole) };
  });
}

function postAtPeak(turns: readonly MeasuredTurn[], shape: PeerName): Bar {
  const [own, others] = [peakOf(turns, shape), peakOf(turns, 'textbook')];
  const [p99, p50] = [median(own, ({ result }) => result.post.p99), median(others, ({ result }) => result.post.p50)];
  const what = "POST p99 at its peak to the textbook's p50 at its own";
  return {
    ...{ shape, what, atMost: 1, turns: [...own, ...others] },
    ...{ ratio: p99 / p50, measured: `${inMs(p99)} to ${inMs(p50)}` },
  };
}

function decidedAt(turns: readonly MeasuredTurn[], shape: PeerName, rate: number): readonly Bar[] {
  return (['p50', 'p99'] as const).map((which) => {
    const sides = [openAt(turns, shape, rate), openAt(turns, 'textbook', rate)] as const;
    const what = `POST→decided ${which} at ${rate}/s to the textbook's`;
    const bar = { shape, what, ...compared(sides, ({ result }) => result.decision[which], inMs) };
    if (rate >= 1_000) return { ...bar, below: 1, measured: `${bar.measured}${carried(sides, rate)}` };
    return { ...bar, atMost: which === 'p50' && rate > 50 ? 3 : 2 };
  });
}

type Sides = readonly [own: readonly MeasuredTurn[], others: readonly MeasuredTurn[]];

function compared([left, right]: Sides, pick: (turn: Turn) => number, shown: (value: number) => string) {
  const [own, others] = [median(left, pick), median(right, pick)];
  return { ratio: own / others, measured: `${shown(own)} to ${shown(others)}`, turns: [...left, ...right] };
}

/** A rate that is too much for the machine shows as decisions that come later and later. */
function carried(sides: Sides, rate: number): string {
  const [own, others] = sides.map((turns) => whole((100 * median(turns, (turn) => turn.decidedPerSecond)) / rate));
  return `, ${own} % to ${others} % of the rate decided`;
}

function decidedAtHalf(turns: readonly MeasuredTurn[], shape: PeerName): Bar {
  const half = ofPeer(turns, shape).filter(({ turn }) => turn.phase.type === 'open' && turn.phase.of !== undefined);
  const own = median(half, ({ result }) => result.decision.p99);
  const what = `POST→decided p99 at half of its peak, in ${halfPeakMaxMs} ms`;
  return { shape, what, ratio: own / halfPeakMaxMs, atMost: 1, measured: inMs(own), turns: half };
}

function embeddedSpeed(turns: readonly MeasuredTurn[]): Bar {
  const peak = peakOf(turns, 'standalone');
  const own = median(peak, (turn) => turn.decidedPerSecond);
  const what = `decided/s on PGlite, in ${embeddedMinPerSecond}`;
  return {
    shape: 'standalone',
    ...{ what, ratio: own / embeddedMinPerSecond, atLeast: 1, measured: whole(own), turns: peak },
  };
}

function readSpeed(turns: readonly MeasuredTurn[], writesPerSecond: number): Bar {
  const of = (peer: PeerName): readonly MeasuredTurn[] =>
    ofPeer(turns, peer).filter(
      ({ turn: { phase } }) => phase.type === 'reads' && phase.writesPerSecond === writesPerSecond,
    );
  const beside = writesPerSecond === 0 ? '' : ` beside ${writesPerSecond} POSTs/s`;
  const what = `GET by id/s${beside} to bare Koa and pg`;
  const sides = [of('roles'), of('koa-pg')] as const;
  return { shape: 'roles', what, atLeast: 0.8, ...compared(sides, (turn) => turn.readsPerSecond, whole) };
}

function openAt(turns: readonly MeasuredTurn[], peer: PeerName, rate: number): readonly MeasuredTurn[] {
  return ofPeer(turns, peer).filter(
    ({ turn: { phase } }) => phase.type === 'open' && phase.of === undefined && phase.rate === rate,
  );
}

function ofPeer(turns: readonly MeasuredTurn[], peer: PeerName): readonly MeasuredTurn[] {
  return turns.filter((each) => each.peer === peer);
}

function inMs(value: number): string {
  return `${millis(value)} ms`;
}
