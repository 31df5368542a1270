/** Sums what all processes say of themselves. */
import type { Fleet } from './fleet.ts';
import type { Client } from './load/clients.ts';

/** The text of each process's metrics, by its name. */
export async function readMetrics(fleet: Fleet, { headers }: Client): Promise<ReadonlyMap<string, string>> {
  const read = async (name: (typeof fleet.up)[number]): Promise<readonly [string, string]> => {
    const response = await fetch(`${fleet.urlOf(name)}/metrics`, { headers, signal: AbortSignal.timeout(5_000) });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`metrics of ${name}: ${response.status} ${text}`);
    return [name, text];
  };
  return new Map(await Promise.all(fleet.up.map(read)));
}

/** Over all processes and all labels, or those of one event. */
export function sumOf(all: ReadonlyMap<string, string>, metric: string, events?: readonly string[]): number {
  const lines = [...all.values()].flatMap((text) => text.split('\n'));
  const mine = lines.filter((line) => /^[^{ ]+/.exec(line)?.[0] === `verdict_${metric}`);
  const counted =
    events === undefined ? mine : mine.filter((line) => events.some((event) => line.includes(`event="${event}"`)));
  return counted.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** -1 where nobody has such a gauge: what is not there is not at rest. */
export function gaugeOf(all: ReadonlyMap<string, string>, metric: string): number {
  const isThere = [...all.values()].some((text) => text.includes(`\nverdict_${metric}{`));
  return isThere ? sumOf(all, metric) : -1;
}
