/**
 * Readers that stop reading: they ask for the whole journal, take the head of the answer and nothing else, so that all buffers between fill at once. Each is to be cut,
 * soon and without harm for anybody else. A reader that does not read does not notice, so the kernel's tables are looked at: a reader has stalled when nothing moves to it any
 * more (what the buffers of a loopback connection take comes before that, and is no stall), and is cut when the front door's end is closed.
 */
import { readMetricSum } from '../read-metric.ts';
import { eventually, sleep } from '../../wait.ts';
import { deploy } from '../deployed.ts';
import { Crowd } from '../followers/crowd.ts';
import { faultsOf, readEntries } from '../followers/faults.ts';
import { rejectedPlace } from '../followers/rejected-place.ts';
import { OpenLoad } from '../load/open-load.ts';
import { UsualLoad } from '../load/usual-load.ts';
import type { Measured, Part, PartOptions } from '../measured.ts';
import { leastHeap } from '../memory/heap.ts';
import { MemoryWatch } from '../memory/watch.ts';
import { seconds } from '../report.ts';
import { SocketWatch } from '../socket-watch.ts';

const usualStalled = 50;
const healthy = 10;
const barMs = 35_000;
const limitMs = 3 * barMs;
/**
 * Heap and buffers: a page of the journal with its frames and a chunk that the socket did not take, half a megabyte, and the garbage of reading there, which nobody forces
 * to be collected. The process as a whole also breathes with its young generation, by more than that.
 */
const barMb = 4;
/** By then the buffers are full, and nobody is cut yet. */
const fullMs = 8_000;
const reachMs = 5_000;
/** The buffers of a loopback connection take up to 18 MB; an entry is a frame of about half a kilobyte. */
const history = { entries: 45_000, phaseSeconds: 5, phasesMax: 40 };
const meanwhile = { perSecond: 50, sockets: 100 };
const calmMs = 5_000;

export const stalled: Part = { name: 'stalled', measure };

async function measure({ clients = usualStalled, recorder, tell }: PartOptions): Promise<readonly Measured[]> {
  await using verdict = await deploy(recorder);
  const { fleet, doorUrl, databaseUrl } = verdict;
  await using others = await Crowd.open({ url: doorUrl, count: healthy, paths: ['/events'] });
  await others.allReach(await rejectedPlace(doorUrl, databaseUrl), reachMs);
  const [first] = await others.transcripts();
  using memory = new MemoryWatch(fleet, 500);
  await makeHistory(doorUrl, tell);
  await sleep(calmMs);
  await using load = await OpenLoad.start(doorUrl, meanwhile.sockets);
  const [before, heapBefore] = [peakOf(memory, 0), await leastHeap(doorUrl)];
  const stalledAt = performance.now();
  using sockets = new SocketWatch(Number(new URL(doorUrl).port));
  const offering = load.offer({ perSecond: meanwhile.perSecond, seconds: barMs / 1_000 });
  const lastEventId = first?.firstId ?? '';
  await using crowd = await Crowd.open({ url: doorUrl, count: clients, paths: ['/events'], lastEventId, stalls: true });
  tell(`${clients} have stopped reading`);
  const freshAt = performance.now();
  const reached = await others.allReach(await rejectedPlace(doorUrl, databaseUrl), limitMs);
  const freshMs = reached ? performance.now() - freshAt : Number.POSITIVE_INFINITY;
  const ports = (await crowd.transcripts()).map(({ localPort }) => localPort);
  await sleep(fullMs);
  const heap = await leastHeap(doorUrl);
  await eventually(limitMs, () => ports.every((port) => sockets.cutMs(port) !== undefined));
  const cutMs = ports.flatMap((port) => sockets.cutMs(port) ?? []);
  const counted = await readMetricSum(doorUrl, 'verdict_sse_clients_cut_total', 'reason="stalled"');
  const during = peakOf(memory, stalledAt);
  await offering;
  const told = await others.allReach(await rejectedPlace(doorUrl, databaseUrl), limitMs);
  const faults = faultsOf(await others.transcripts(), await readEntries(databaseUrl));
  const look = await others.look();
  recorder.write('stalled.json', { cutMs, before, during, heapBefore, heap, freshMs, faults, look });
  for (const fault of faults.slice(0, 5)) tell(fault);
  const heapEach = (heap - heapBefore) / clients;
  const longestMs = cutMs.length === clients ? Math.max(...cutMs) : Number.POSITIVE_INFINITY;
  return [
    {
      name: 'stalled cut',
      figures: `${cutMs.length} of ${clients} cut, ${seconds(Math.min(...cutMs))} to ${seconds(longestMs)} after the last byte moved; the front door counts ${counted}`,
      bar: 'each ≤ 35 s',
      kept: longestMs <= barMs && counted === clients,
    },
    {
      name: 'stalled others',
      figures: `${healthy} others saw ${look.frames} frames over ${look.connections} connections, ${faults.length} missed or repeated one; a new transaction was told to all in ${seconds(freshMs)}`,
      bar: 'none missed, none repeated, told in ≤ 5 s',
      kept: faults.length === 0 && told && look.connections === healthy && freshMs <= reachMs,
    },
    {
      name: 'stalled memory',
      figures: `${heapEach.toFixed(2)} MB of heap and buffers for each of them (${heapBefore.toFixed(0)} MB before, ${heap.toFixed(0)} MB while they stall); the whole process ${before.toFixed(0)} MB at the most before, ${during.toFixed(0)} MB after`,
      bar: `≤ ${barMb} MB each`,
      kept: heapEach <= barMb,
    },
  ];
}

async function makeHistory(doorUrl: string, tell: PartOptions['tell']): Promise<void> {
  const { entries, phaseSeconds, phasesMax } = history;
  await using load = await UsualLoad.start(doorUrl);
  let accepted = 0;
  for (let phase = 0; phase < phasesMax && accepted * 2 < entries; phase += 1)
    accepted += (await load.post(phaseSeconds)).accepted;
  tell(`${accepted} transactions of history`);
}

function peakOf(memory: MemoryWatch, fromMs: number): number {
  const all = memory.series.filter(({ name }) => name === 'front-door-1').flatMap(({ samples }) => samples);
  return Math.max(...all.filter(({ atMs }) => atMs >= fromMs).map(({ mb }) => mb));
}
