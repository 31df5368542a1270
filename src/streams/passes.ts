/** The rhythm of work that comes in passes: a fixed rest and a random part, so that relays of several installations do not march in step. */
import type { Clock } from '../platform/clock.ts';
import type { Entropy } from '../platform/entropy.ts';

export type Passes = {
  readonly clock: Clock;
  readonly entropy: Pick<Entropy, 'fraction'>;
  readonly everyMs: number;
  readonly jitterMs: number;
};

export function nextPass({ clock, entropy, everyMs, jitterMs }: Passes, signal: AbortSignal): Promise<void> {
  return clock.sleep(everyMs + jitterMs * entropy.fraction(), signal);
}
