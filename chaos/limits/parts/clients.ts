/**
 * Thousands of streams on one front door for some minutes, with a little going on: what one costs in memory, and whether each is told that it is alive. The cost is the
 * process's memory (proportional set size) over what it was after some load and before the first client; of each half a minute the least sample counts, of those the greatest.
 */
import { eventually, sleep } from '../../wait.ts';
import { deploy } from '../deployed.ts';
import { Crowd } from '../followers/crowd.ts';
import { OpenLoad } from '../load/open-load.ts';
import type { Measured, Part, PartOptions } from '../measured.ts';
import { leastHeap } from '../memory/heap.ts';
import { valleys } from '../memory/slope.ts';
import { MemoryWatch } from '../memory/watch.ts';

const usualClients = 5_000;
const usualMinutes = 5;
const barKb = 40;
/** A front door that has worked: its code is compiled, and its young generation has grown to what the heap flags allow, which it keeps whoever follows. */
const warmUp = { perSecond: 1_000, seconds: 25 };
const little = { perSecond: 5, sockets: 100 };
/** One of a hundred follows everything, or the frames alone would be the load. */
const paths = ['/events', ...Array.from({ length: 99 }, () => '/events?status=REJECTED')];
const heartbeatMs = 15_000;
const sampleMs = 1_000;
const windowMs = 30_000;
const calmMs = 8_000;
const settleMs = 10_000;
const kbPerMb = 1_024;

export const clients: Part = { name: 'clients', measure };

async function measure(options: PartOptions): Promise<readonly Measured[]> {
  const { clients: count = usualClients, minutes = usualMinutes, recorder, tell, signal } = options;
  await using verdict = await deploy(recorder, {
    VERDICT_SSE_CLIENTS_PER_CLIENT_MAX: String(count),
    VERDICT_SSE_CLIENTS_MAX: String(count),
    VERDICT_SSE_HEARTBEAT_MS: String(heartbeatMs),
  });
  const { fleet, door, doorUrl } = verdict;
  await using load = await OpenLoad.start(doorUrl, little.sockets);
  await load.offer(warmUp);
  using memory = new MemoryWatch(fleet, sampleMs);
  const heapBefore = await leastHeap(doorUrl);
  await sleep(calmMs);
  const before = Math.min(...memory.samplesOf(door).map(({ mb }) => mb));
  tell(`${before.toFixed(1)} MB before, ${heapBefore.toFixed(1)} MB of it heap and buffers`);
  await using crowd = await Crowd.open({ url: doorUrl, count, paths });
  const openedAt = performance.now();
  tell(`${count} follow`);
  const offering = load.offer({ perSecond: little.perSecond, seconds: minutes * 60 });
  offering.catch(() => undefined);
  await sleep(minutes * 60_000, signal);
  signal.throwIfAborted();
  const during = memory.samplesOf(door).filter(({ atMs }) => atMs >= openedAt);
  const lows = valleys(during, { warmUpMs: settleMs, windowMs, windowsMin: 1 }).map(({ mb }) => mb);
  const look = await crowd.look();
  const beats = Math.floor((performance.now() - openedAt) / heartbeatMs) - 1;
  const heapAfter = await leastHeap(doorUrl);
  const offered = await offering;
  const after = lows.length > 0 ? Math.max(...lows) : Number.POSITIVE_INFINITY;
  const perClientKb = ((after - before) * kbPerMb) / count;
  const heapKb = ((heapAfter - heapBefore) * kbPerMb) / count;
  recorder.write('clients.json', { before, after, heapBefore, heapAfter, look, offered, during });
  const stay = await eventually(5_000, async () => (await crowd.look()).open === count);
  return [
    {
      name: 'clients memory',
      figures: `${perClientKb.toFixed(1)} KB each for ${count} clients over ${minutes} min (${before.toFixed(0)} MB before, ${after.toFixed(0)} MB with them; heap and buffers ${heapKb.toFixed(1)} KB each)`,
      bar: '≤ 40 KB each',
      kept: perClientKb <= barKb,
    },
    {
      name: 'clients alive',
      figures: `${look.open} of ${count} still there after ${look.connections} connections, the quietest heard ${look.heartbeatsMin} heartbeats of ${beats}, ${look.frames} frames of ${offered.answers['201'] ?? 0} transactions`,
      bar: 'all of them, every heartbeat',
      kept: stay && look.connections === count && look.heartbeatsMin >= beats && look.frames > 0,
    },
  ];
}
