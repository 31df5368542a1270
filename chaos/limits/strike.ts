/**
 * One fault a minute on what is deployed, in an order of its own: first the kills, one of each role, and then what leaves processes alive. They are the faults of the chaos,
 * struck on one process per role; nothing goes through its links here.
 */
import type { Arena, Fault } from '../arena.ts';
import { Epochs } from '../epochs.ts';
import { freeze } from '../faults/freeze.ts';
import { kill } from '../faults/kill.ts';
import { postgresBackends } from '../faults/postgres-backends.ts';
import { redisFlushed } from '../faults/redis-flushed.ts';
import { Planter } from '../planter.ts';
import { Links } from '../proxy/links.ts';
import { Random } from '../random.ts';
import { bounded, sleep } from '../wait.ts';
import type { Deployed } from './deployed.ts';
import type { PartOptions } from './measured.ts';

export type Strike = { readonly kind: string; readonly note: string; readonly atMs: number };

export type StrikeOptions = Pick<PartOptions, 'recorder' | 'tell' | 'signal'> & { readonly verdict: Deployed };

const seed = 1;
const firstAfterMs = 20_000;
const everyMs = 60_000;

const faults: readonly Fault[] = [
  ...[kill('settlement'), kill('anti-fraud'), kill('front-door'), kill('relay')],
  ...[redisFlushed, postgresBackends, freeze('settlement'), freeze('relay'), redisFlushed, freeze('anti-fraud')],
  ...[postgresBackends, freeze('front-door')],
];

/** No fault begins later than this, on the clock of `performance`. */
export async function strikeUntil(endAt: number, options: StrikeOptions): Promise<readonly Strike[]> {
  const { verdict, recorder, tell, signal } = options;
  const { fleet, services } = verdict;
  const random = new Random(seed);
  const struck: Strike[] = [];
  await using links = await Links.open(services.env, random.fork());
  const planter = new Planter({ brokers: services.env.KAFKA_BROKERS, recorder, random: random.fork() });
  const arena: Arena = { fleet, services, links, planter, epochs: new Epochs(recorder, services), disk: undefined };
  let nextAt = performance.now() + firstAfterMs;
  for (let turn = 0; nextAt < endAt && !signal.aborted; turn += 1) {
    await sleep(Math.max(0, nextAt - performance.now()), signal);
    const fault = faults[turn % faults.length];
    if (fault === undefined || signal.aborted) break;
    const { note } = await bounded(fault.limitMs, fault.kind, fault.strike(arena, random));
    struck.push({ kind: fault.kind, note, atMs: Date.now() });
    tell(`${fault.kind}: ${note}`);
    nextAt += everyMs;
  }
  await sleep(Math.max(0, endAt - performance.now()), signal);
  signal.throwIfAborted();
  return struck;
}
