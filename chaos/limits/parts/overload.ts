/**
 * Ten times of what it can take, for ten seconds: what is accepted must stay near the peak, all else be told when to come back, and soon after it must be as if nothing had
 * been. The load is offered by the clock; what finds all sockets waiting is withheld and said so, for no client on these processors could send it. Generator and product
 * share them, so that every request that is only refused costs the product twice.
 */
import type { PhaseResult } from '../../../bench/load/protocol.ts';
import { countPending } from '../../../test/support/audit.ts';
import { eventually, sleep } from '../../wait.ts';
import { deploy } from '../deployed.ts';
import type { Deployed } from '../deployed.ts';
import type { Offered } from '../load/protocol.ts';
import { OpenLoad } from '../load/open-load.ts';
import { UsualLoad, rateOf } from '../load/usual-load.ts';
import type { Measured, Part, PartOptions } from '../measured.ts';
import { seconds, whole } from '../report.ts';

/** More than may be in flight in the front door, so that the product's bound is met before the generator's. */
const sockets = 6_000;
const times = 10;
const warmUpSeconds = 5;
const usualSeconds = 10;
const recoveryMaxMs = 10_000;
const goodShare = 0.8;
/** A p99 of one second against one of ten: more of it is chance. */
const usualFactor = 2;

export const overload: Part = { name: 'overload', measure };

async function measure({ seconds: long = usualSeconds, recorder, tell }: PartOptions): Promise<readonly Measured[]> {
  await using verdict = await deploy(recorder);
  await using usual = await UsualLoad.start(verdict.doorUrl);
  await usual.post(warmUpSeconds);
  const peak = await usual.post(long);
  const peakRate = rateOf(peak);
  tell(`peak ${Math.round(peakRate)}/s, p99 ${Math.round(peak.post.p99)} ms`);
  await drained(verdict);
  await using load = await OpenLoad.start(verdict.doorUrl, sockets);
  const offering = load.offer({ perSecond: peakRate * times, seconds: long });
  await sleep(long * 1_000);
  // What is still in flight then is part of what there is to recover from.
  const recovered = await recoveredAfterMs(usual, peak, tell);
  const offered = await offering;
  tell(`201s by second: ${offered.bySecond.join(', ')}; ${offered.withheld} withheld`);
  recorder.write('overload.json', { peak, offered, recoveredMs: recovered });
  return judged({ peakRate, offered, recovered, long });
}

type Seen = {
  readonly peakRate: number;
  readonly offered: Offered;
  readonly recovered: number;
  /** Seconds. */
  readonly long: number;
};

function judged({ peakRate, offered, recovered, long }: Seen): readonly Measured[] {
  const goodput = offered.inTime / long;
  const { 201: created = 0, 503: refused = 0, ...others } = offered.answers;
  const sent = offered.due - offered.withheld;
  const odd = Object.entries(others).map(([status, count]) => `${count} × ${status === '0' ? 'broken' : status}`);
  return [
    {
      name: 'overload goodput',
      figures:
        `${whole(goodput)}/s of a peak of ${whole(peakRate)}/s = ${whole((100 * goodput) / peakRate)} % while ${whole(offered.due / long)}/s were due, ` +
        `${whole(sent / long)}/s sent; accepted in p99 ${whole(offered.latencies.p99)} ms, refused in p50 ${whole(offered.refusals.p50)} ms`,
      bar: '≥ 80 % of peak',
      kept: goodput >= goodShare * peakRate,
    },
    {
      name: 'overload refusals',
      figures: `${created} × 201, ${refused} × 503, ${offered.speechless} of them without Retry-After, ${odd.join(', ') || 'nothing else'}`,
      bar: 'only 503 with Retry-After',
      kept: odd.length === 0 && offered.speechless === 0,
    },
    {
      name: 'overload recovery',
      figures: `goodput and p99 as usual ${seconds(recovered)} after the last request`,
      bar: '≤ 10 s',
      kept: recovered <= recoveryMaxMs,
    },
  ];
}

/** To the end of the first second of the usual load that is as a second before was; Infinity where there is none in three times the bar. */
async function recoveredAfterMs(usual: UsualLoad, peak: PhaseResult, tell: PartOptions['tell']): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < 3 * recoveryMaxMs) {
    const phase = await usual.post(1);
    const took = performance.now() - began;
    tell(`${seconds(took)} after: ${whole(rateOf(phase))}/s, p99 ${whole(phase.post.p99)} ms`);
    if (rateOf(phase) >= goodShare * rateOf(peak) && phase.post.p99 <= usualFactor * peak.post.p99) return took;
  }
  return Number.POSITIVE_INFINITY;
}

/** The peak leaves decisions to make, which are not the overload's. */
async function drained({ databaseUrl }: Deployed): Promise<void> {
  if (!(await eventually(60_000, async () => (await countPending(databaseUrl)) === 0, 500)))
    throw new Error('what the peak left was not decided within a minute');
}
