/** What every part of a process is given: its configuration, time, chance, log and metrics, and the signal that ends it. */
import type { Clock } from '../platform/clock.ts';
import type { Entropy } from '../platform/entropy.ts';
import type { Log } from '../platform/logger.ts';
import type { Metrics } from '../platform/metrics/metrics.ts';
import type { Config } from './config/schema.ts';

export type Tools = {
  readonly config: Config;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal;
  /** For what no retry cures: the process ends with the error rather than go on without one of its parts. */
  readonly fail: (error: unknown) => void;
};
