/**
 * Walks the oldest transactions once, batch by batch, and has them pruned. Between two batches it rests, so that it is at work for no more than its share of the time:
 * while a batch runs no reader of the journal gets further.
 */
import type { PruneRange, PruneStep } from '../persistence/statements.ts';
import type { Clock } from '../platform/clock.ts';
import type { TransactionId } from '../transaction/ids.ts';

export type PruneStepsOptions = Pick<PruneRange, 'olderThanMs' | 'limit' | 'readers' | 'dryRun'> & {
  /** Undefined where it was given up since the signal aborted. Whatever else it rejects with ends the walk. */
  readonly prune: (range: PruneRange) => Promise<PruneStep | undefined>;
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>;
  readonly busyPercentMax: number;
  readonly signal: AbortSignal;
};

/** The last step has no `next` unless the walk was cut short by the signal. */
export async function* pruneSteps(options: PruneStepsOptions): AsyncGenerator<PruneStep, void> {
  const { prune, clock, busyPercentMax, signal, olderThanMs, limit, readers, dryRun } = options;
  let after: TransactionId | undefined;
  while (!signal.aborted) {
    const startedAt = clock.elapsed();
    const step = await prune({ after, olderThanMs, limit, readers, dryRun });
    if (step === undefined) return;
    const busyMs = clock.elapsed() - startedAt;
    yield step;
    if (step.next === undefined) return;
    after = step.next;
    await clock.sleep(busyMs * (100 / busyPercentMax - 1), signal);
  }
}
