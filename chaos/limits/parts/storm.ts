/**
 * Everybody loses the front door at the same moment and comes back with the last id: some follow everything, most of them little. They are back when each has the head of
 * its answer and the frame of a transaction that was rejected after that; nobody may have missed or been told twice what happened meanwhile.
 */
import { sleep } from '../../wait.ts';
import { deploy } from '../deployed.ts';
import { Crowd } from '../followers/crowd.ts';
import { faultsOf, readEntries } from '../followers/faults.ts';
import { rejectedPlace } from '../followers/rejected-place.ts';
import { OpenLoad } from '../load/open-load.ts';
import type { Measured, Part, PartOptions } from '../measured.ts';
import { seconds } from '../report.ts';

const usualClients = 2_000;
const barMs = 30_000;
const limitMs = 2 * barMs;
/** One of twenty follows everything; the rest see one event in twenty. */
const paths = ['/events', ...Array.from({ length: 19 }, () => '/events?status=REJECTED')];
const load = { perSecond: 20, sockets: 50, seconds: 120 };
const calmMs = 5_000;

export const storm: Part = { name: 'storm', measure };

async function measure({ clients = usualClients, recorder, tell }: PartOptions): Promise<readonly Measured[]> {
  await using verdict = await deploy(recorder, {
    VERDICT_SSE_CLIENTS_PER_CLIENT_MAX: String(clients),
    VERDICT_SSE_CLIENTS_MAX: String(clients),
  });
  const { fleet, door, doorUrl, databaseUrl } = verdict;
  await using crowd = await Crowd.open({ url: doorUrl, count: clients, paths });
  tell(`${clients} follow`);
  await using posting = await OpenLoad.start(doorUrl, load.sockets);
  const offering = posting.offer({ ...load, drainMaxMs: 0 });
  offering.catch(() => undefined); // it is ended before its time
  await sleep(calmMs);
  const killedAt = performance.now();
  const since = (): number => performance.now() - killedAt;
  await fleet.kill(door);
  await fleet.start(door);
  const servesMs = since();
  const connected = await crowd.allOpen(limitMs);
  const connectedMs = since();
  const fresh = await rejectedPlace(doorUrl, databaseUrl);
  const resumed = await crowd.allReach(fresh, limitMs);
  const resumedMs = connected && resumed ? since() : Number.POSITIVE_INFINITY;
  await posting[Symbol.asyncDispose]();
  await crowd.allReach(await rejectedPlace(doorUrl, databaseUrl), limitMs);
  const [look, transcripts] = [await crowd.look(), await crowd.transcripts()];
  const faults = faultsOf(transcripts, await readEntries(databaseUrl));
  const refusals = countedBy(transcripts.flatMap((each) => each.refusals));
  recorder.write('storm.json', { servesMs, connectedMs, resumedMs, look, refusals, faults });
  for (const fault of faults.slice(0, 5)) tell(fault);
  return [
    {
      name: 'storm resumed',
      figures: `${clients} clients in ${seconds(resumedMs)} (front door serves after ${seconds(servesMs)}, all connected after ${seconds(connectedMs)}), refused on the way: ${refusals}`,
      bar: '≤ 30 s',
      kept: resumedMs <= barMs,
    },
    {
      name: 'storm frames',
      figures: `${look.frames} frames over ${look.connections} connections, ${faults.length} clients missed or repeated one`,
      bar: 'none missed, none repeated',
      kept: faults.length === 0 && look.frames > clients,
    },
  ];
}

/** `12 × 503, 3 × Error: connect ECONNREFUSED` */
function countedBy(all: readonly string[]): string {
  const counts = [...Map.groupBy(all, (each) => each.replace(/ \d+\.\S+$/, ''))];
  return counts.map(([each, those]) => `${those.length} × ${each}`).join(', ') || 'nobody';
}
