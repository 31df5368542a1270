/**
 * Half of the peak for a long time, with one fault in every minute: memory must not creep, and every 201 must have become one decision. The kills come first, one of each role,
 * so that each process has some minutes of life to judge.
 */
import { join } from 'node:path';

import { allRows, countPending, violations } from '../../../test/support/audit.ts';
import type { Violation } from '../../../test/support/audit.ts';
import { eventually } from '../../wait.ts';
import { deploy } from '../deployed.ts';
import { OpenLoad } from '../load/open-load.ts';
import { UsualLoad, rateOf } from '../load/usual-load.ts';
import { readPosted } from '../load/read-posted.ts';
import type { Measured, Part, PartOptions } from '../measured.ts';
import { Collections, collectable } from '../memory/collections.ts';
import { oldHeap } from '../memory/heap.ts';
import { slopePerMinute } from '../memory/slope.ts';
import { MemoryWatch } from '../memory/watch.ts';
import { seconds } from '../report.ts';
import { strikeUntil } from '../strike.ts';

const usualMinutes = 10;
const barMbPerMinute = 1;
const peak = { warmUpSeconds: 5, seconds: 10 };
const sockets = 400;
const sampleMs = 2_000;
/** Twice in each window of the line, so that its valley is what the process keeps. */
const collectMs = 15_000;
const pendingLimitMs = 60_000;
/** At the end nothing is broken any more, so that the last one has time to heal. */
const quietEndMs = 30_000;
/** Two minutes of warm-up and six windows of half a minute: five minutes of life. */
const line = { warmUpMs: 120_000, windowMs: 30_000, windowsMin: 6 };

export const soak: Part = { name: 'soak', measure };

async function measure({ minutes = usualMinutes, recorder, tell, signal }: PartOptions): Promise<readonly Measured[]> {
  await using verdict = await deploy(recorder, collectable);
  const { fleet, doorUrl, databaseUrl } = verdict;
  const perSecond = Math.max(1, Math.floor((await peakRate(doorUrl)) / 2));
  await eventually(pendingLimitMs, async () => (await countPending(databaseUrl)) === 0, 500);
  const before = (await allRows(databaseUrl)).map(({ key }) => key);
  tell(`${perSecond}/s for ${minutes} minutes`);
  using memory = new MemoryWatch(fleet, sampleMs);
  using heap = new MemoryWatch(fleet, sampleMs, (_pid, url) => oldHeap(url));
  using _collections = new Collections(fleet, collectMs);
  await using load = await OpenLoad.start(doorUrl, sockets);
  const keepIn = join(recorder.directory, 'posted.txt');
  const endAt = performance.now() + minutes * 60_000;
  const offering = load.offer({ perSecond, seconds: minutes * 60, drainMaxMs: 15_000, keepIn });
  offering.catch(() => undefined);
  const struck = await strikeUntil(endAt - quietEndMs, { verdict, recorder, tell, signal });
  const offered = await offering;
  const endedAt = performance.now();
  const drained = await eventually(pendingLimitMs, async () => (await countPending(databaseUrl)) === 0, 250);
  const drainedMs = drained ? performance.now() - endedAt : Number.POSITIVE_INFINITY;
  const [held, alive] = [slopesOf(memory), slopesOf(heap)];
  const { keys, opened } = await readPosted(keepIn);
  const broken = await violations(databaseUrl, { keys: [...before, ...keys], opened });
  const rows = (await allRows(databaseUrl)).length - before.length;
  const series = { held: memory.series, alive: heap.series };
  recorder.write('soak.json', { offered, struck, held, alive, series, broken, rows, drainedMs });
  return [
    judge('soak memory', 'held from the machine', held),
    judge('soak heap', 'alive after a collection', alive),
    {
      name: 'soak transactions',
      figures:
        `${opened.length} × 201 at ${perSecond}/s with ${struck.length} faults, ${rows} rows, nothing pending ${seconds(drainedMs)} after the end, ` +
        faultsIn(broken),
      bar: 'every 201 decided exactly once, nothing pending',
      kept: drained && broken.length === 0 && opened.length > 0 && rows >= opened.length,
    },
  ];
}

type Slope = { readonly name: string; readonly pid: number; readonly perMinute: number | undefined };

function slopesOf({ series }: MemoryWatch): readonly Slope[] {
  return series.map(({ name, pid, samples }) => ({ name, pid, perMinute: slopePerMinute(samples, line) }));
}

function judge(name: string, what: string, slopes: readonly Slope[]): Measured {
  const judged = slopes.flatMap((each) =>
    each.perMinute === undefined ? [] : [{ ...each, perMinute: each.perMinute }],
  );
  return {
    name,
    figures:
      judged.map((each) => `${each.name} ${each.perMinute.toFixed(2)}`).join(', ') +
      ` MB/min ${what} (${judged.length} of ${slopes.length} processes lived long enough)`,
    bar: 'each ≤ 1 MB/min',
    kept: judged.length > 0 && judged.every(({ perMinute }) => perMinute <= barMbPerMinute),
  };
}

function faultsIn(broken: readonly Violation[]): string {
  return broken.length === 0 ? 'each decided once' : broken.map(({ what, count }) => `${count} × ${what}`).join(', ');
}

async function peakRate(url: string): Promise<number> {
  await using load = await UsualLoad.start(url);
  await load.post(peak.warmUpSeconds);
  return rateOf(await load.post(peak.seconds));
}
