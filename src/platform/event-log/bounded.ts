/** Gives an answer of the world a time limit; what comes after it is dropped, never left to reject unheard. */
import { Failure } from '../failure.ts';
import type { Clock } from '../clock.ts';

export type Limit = { readonly clock: Clock; readonly limitMs: number; readonly what: string };

export async function bounded<T>({ clock, limitMs, what }: Limit, work: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = new Promise<never>((_, reject) => {
    void clock.sleep(limitMs, over.signal).then(() => {
      // Made only where it is needed: an error with its stack for every call took one per cent of a busy process.
      if (!over.signal.aborted) reject(new Failure('event_log_unavailable', `${what} took longer than ${limitMs} ms`));
    });
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    over.abort(null); // without a reason an error is made for it, with its stack
  }
}
