/** Holds a batch while its effect is pending: keeps the member alive by heartbeats, and stops waiting when the group goes on without it. */
import { isLostPlace, isRebalance } from './kafka-failure.ts';
import type { Clock } from '../clock.ts';

export type Hold = {
  readonly clock: Clock;
  readonly sessionTimeoutMs: number;
  readonly heartbeat: () => Promise<void>;
  readonly effect: () => Promise<void>;
  /** Aborts when the member has no time left to wait. */
  readonly giveUp: AbortSignal;
};

export type Held =
  | { readonly type: 'handled' }
  | { readonly type: 'rejected'; readonly error: unknown }
  /** The effect may still come about, but this member may not commit it. */
  | { readonly type: 'abandoned'; readonly error: unknown };

export async function hold({ clock, sessionTimeoutMs, heartbeat, effect, giveUp }: Hold): Promise<Held> {
  const { promise, resolve } = Promise.withResolvers<Held>();
  const over = new AbortController();
  effect().then(
    () => resolve({ type: 'handled' }),
    (error: unknown) => resolve({ type: 'rejected', error }),
  );
  void beat({ clock, sessionTimeoutMs, heartbeat }, over.signal).then((error) => resolve({ type: 'abandoned', error }));
  const onGiveUp = (): void => resolve({ type: 'abandoned', error: undefined });
  giveUp.addEventListener('abort', onGiveUp, { once: true });
  const held = await promise;
  giveUp.removeEventListener('abort', onGiveUp);
  over.abort(null); // without a reason an error is made for it, with its stack
  return held;
}

/** Resolves with the reason when the place in the group is lost; an unreachable coordinator is waited for as long as the session lives. */
async function beat(
  { clock, sessionTimeoutMs, heartbeat }: Omit<Hold, 'effect' | 'giveUp'>,
  signal: AbortSignal,
): Promise<unknown> {
  const everyMs = sessionTimeoutMs / 6;
  let heardAt = clock.elapsed();
  for (;;) {
    await clock.sleep(everyMs, signal);
    if (signal.aborted) return undefined;
    try {
      await heartbeat();
      heardAt = clock.elapsed();
    } catch (error) {
      if (isLostPlace(error)) return error;
      if (isRebalance(error)) {
        // The group waits for this member a while: a batch that is nearly done need not be done twice.
        await clock.sleep(everyMs, signal);
        return error;
      }
      if (clock.elapsed() - heardAt >= sessionTimeoutMs) return error;
    }
  }
}
