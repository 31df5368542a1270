/** The three kinds of measurement, in a registry that is handed in: nothing is global, so that several roles, or tests, can share a process. */
import { Counter, Gauge, Histogram } from 'prom-client';

import type { Registry } from 'prom-client';

export type InstrumentOptions<Label extends string> = {
  readonly registry: Registry;
  /** Without the prefix; ends in its base unit, and in `_total` where it only grows. */
  readonly name: string;
  readonly help: string;
  /** Names of labels whose values are few and known: never an id. */
  readonly labels: readonly Label[];
};

export type Labels<Label extends string> = Readonly<Record<Label, string>>;
export type Reading<Label extends string> = { readonly labels: Labels<Label>; readonly value: number };

/** Writes options as one line where many instruments share a registry. */
export function instrumentsOf(registry: Registry) {
  return <const Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
  ): InstrumentOptions<Label> => ({
    registry,
    name,
    help,
    labels,
  });
}

export function counter<Label extends string>(
  options: InstrumentOptions<Label>,
): (labels: Labels<Label>, count?: number) => void {
  const instrument = new Counter(common(options));
  return (labels, count = 1) => instrument.inc(labels, count);
}

export function histogram<Label extends string>(
  options: InstrumentOptions<Label>,
  buckets: readonly number[],
): (labels: Labels<Label>, value: number) => void {
  const instrument = new Histogram({ ...common(options), buckets: [...buckets] });
  return (labels, value) => instrument.observe(labels, value);
}

export function gauge<Label extends string>(
  options: InstrumentOptions<Label>,
): (labels: Labels<Label>, value: number) => void {
  const instrument = new Gauge(common(options));
  return (labels, value) => instrument.set(labels, value);
}

/** Reads when it is asked for. Where the reading fails there is no value, rather than an old one or no answer for all the others. */
export function watched<Label extends string>(
  options: InstrumentOptions<Label>,
  read: () => readonly Reading<Label>[] | Promise<readonly Reading<Label>[]>,
): void {
  const collect = async (): Promise<void> => {
    const readings = await readingsOf(read);
    instrument.reset();
    for (const { labels, value } of readings) instrument.set(labels, value);
  };
  const instrument = new Gauge({ ...common(options), collect });
}

async function readingsOf<Label extends string>(
  read: () => readonly Reading<Label>[] | Promise<readonly Reading<Label>[]>,
): Promise<readonly Reading<Label>[]> {
  try {
    return await read();
  } catch {
    return [];
  }
}

function common<Label extends string>({ registry, name, help, labels }: InstrumentOptions<Label>) {
  return { name: `verdict_${name}`, help, labelNames: [...labels], registers: [registry] };
}
