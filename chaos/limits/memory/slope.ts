/**
 * How fast a process's memory grows, from what was sampled of it. A process under load breathes: its heap grows until a collection, so that a line through all samples
 * follows the phase of that breath and not the leak. What cannot be given back stays in the valleys; so time is cut into windows, the least sample of each is kept, and the
 * line is laid through those by least squares. A sudden freeing late in the life bends it down, never up; a leak lifts every valley.
 */
export type Sample = { readonly atMs: number; readonly mb: number };

export type SlopeOptions = {
  /** Samples before this are of a process that still fills its caches and its young generation. */
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** Fewer valleys make no line. */
  readonly windowsMin: number;
};

/** Megabytes a minute; undefined where the life was too short to say. Samples are of one life, in order. */
export function slopePerMinute(samples: readonly Sample[], options: SlopeOptions): number | undefined {
  const lows = valleys(samples, options);
  if (lows.length < options.windowsMin) return undefined;
  const meanAt = mean(lows.map(({ atMs }) => atMs));
  const meanMb = mean(lows.map(({ mb }) => mb));
  const across = sum(lows.map(({ atMs, mb }) => (atMs - meanAt) * (mb - meanMb)));
  const along = sum(lows.map(({ atMs }) => (atMs - meanAt) ** 2));
  return along === 0 ? undefined : (across / along) * 60_000;
}

/** The least sample of each whole window after the warm-up; the last window is left out where it is not whole. */
export function valleys(samples: readonly Sample[], { warmUpMs, windowMs }: SlopeOptions): readonly Sample[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  const from = first.atMs + warmUpMs;
  const whole = Math.floor((last.atMs - from) / windowMs);
  const windows = Map.groupBy(
    samples.filter(({ atMs }) => atMs >= from),
    ({ atMs }) => Math.floor((atMs - from) / windowMs),
  );
  return [...windows].flatMap(([window, inside]) =>
    window < whole ? [inside.reduce((least, each) => (each.mb < least.mb ? each : least))] : [],
  );
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
