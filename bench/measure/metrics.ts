/** What Verdict's processes tell of themselves at `/metrics`, of the time between two looks: how large batches were, and how late the event loop came round. */

export type Looks = Readonly<Record<string, string>>;

export type Told = {
  /** Items that went together, on average, by process and batch: `settlement settle`. */
  readonly batchSizes: Readonly<Record<string, number>>;
  /** Milliseconds, by process. The delay counts from one look to the next. */
  readonly loopDelayMs: Readonly<Record<string, { readonly p50: number; readonly p99: number; readonly max: number }>>;
};

const timeoutMs = 5_000;

/** The page of each process, by its name. */
export async function look(urls: Readonly<Record<string, string>>): Promise<Looks> {
  const pages = Object.entries(urls).map(async ([name, url]) => {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
    return [name, await response.text()] as const;
  });
  return Object.fromEntries(await Promise.all(pages));
}

export function toldBetween(before: Looks, after: Looks): Told {
  return {
    batchSizes: Object.fromEntries(
      Object.entries(after).flatMap(([name, page]) => meanSizes(samplesOf(before[name] ?? ''), samplesOf(page), name)),
    ),
    loopDelayMs: Object.fromEntries(
      Object.entries(after).map(([name, page]) => {
        const samples = samplesOf(page);
        const lag = (which: string): number => 1000 * (samples.get(`nodejs_eventloop_lag_${which}_seconds`) ?? NaN);
        return [name, { p50: lag('p50'), p99: lag('p99'), max: lag('max') }];
      }),
    ),
  };
}

type Samples = ReadonlyMap<string, number>;

/** By name, and by name and batch where there is one; of other labels none matters here. */
function samplesOf(page: string): Samples {
  const samples = new Map<string, number>();
  for (const [, name = '', labels = '', value] of page.matchAll(/^(\w+)(?:\{([^}]*)\})? (\S+)$/gm)) {
    const batch = /(?:^|,)batch="([^"]*)"/.exec(labels)?.[1];
    if (!name.endsWith('_bucket')) samples.set(batch === undefined ? name : `${name} ${batch}`, Number(value));
  }
  return samples;
}

function meanSizes(before: Samples, after: Samples, process: string): readonly (readonly [string, number])[] {
  const sum = 'verdict_batch_size_sum ';
  return [...after].flatMap(([key, total]) => {
    if (!key.startsWith(sum)) return [];
    const batch = key.slice(sum.length);
    const count = `verdict_batch_size_count ${batch}`;
    const batches = (after.get(count) ?? 0) - (before.get(count) ?? 0);
    const items = total - (before.get(key) ?? 0);
    return batches === 0 ? [] : [[`${process} ${batch}`, items / batches] as const];
  });
}
