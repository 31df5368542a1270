/** Percentiles of what was measured, exactly: every sample is kept. */
import type { Latencies } from './protocol.ts';

export function latenciesOf(samples: readonly number[]): Latencies {
  const sorted = Float64Array.from(samples).toSorted();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: sorted.at(-1) ?? 0 };
}
