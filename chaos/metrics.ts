/** Sums what all processes say of themselves. */
import type { Fleet } from './fleet.ts';

/** The text of each process's metrics, by its name. */
export async function readMetrics(fleet: Fleet): Promise<ReadonlyMap<string, string>> {
  const read = async (name: (typeof fleet.up)[number]): Promise<readonly [string, string]> => {
    const response = await fetch(`${fleet.urlOf(name)}/metrics`, { signal: AbortSignal.timeout(5_000) });
    return [name, await response.text()];
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
