/** Settles by policy what nobody judged by its deadline, whether or not the event log is there. Bounded per pass; an outage of the database is waited for. */
import type { Observable } from 'rxjs';

import type { TransactionId } from '../transaction/ids.ts';
import { fromLoop } from './operators/from-loop.ts';
import { retried } from './operators/with-retry.ts';
import type { RetryOptions } from './operators/with-retry.ts';
import type { Passes } from './passes.ts';
import { nextPass } from './passes.ts';
import type { Stragglers } from './stragglers.ts';

export type ExpireOptions = Passes & {
  readonly stragglers: Stragglers;
  /** Answers, after the commit, with those that are settled now, by this or by a decision that came first. */
  readonly expire: (ids: readonly TransactionId[]) => Promise<Iterable<TransactionId>>;
  readonly batchMax: number;
  readonly retry: Omit<RetryOptions, 'signal'>;
  readonly signal: AbortSignal;
};

/** Emits how many each pass found settled; those it could not settle are tried again after all others. */
export function expire(options: ExpireOptions): Observable<number> {
  return fromLoop(options.signal, async (emit, signal) => {
    const { stragglers, clock, batchMax } = options;
    while (!signal.aborted) {
      const ids = stragglers.overdue(clock.now(), batchMax);
      const settled =
        ids.length === 0 ? [] : [...(await retried({ ...options.retry, signal }, () => options.expire(ids)))];
      stragglers.drop(settled);
      if (ids.length > 0) emit(settled.length);
      if (settled.length < batchMax) await nextPass(options, signal);
    }
  });
}
