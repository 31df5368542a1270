/**
 * Takes what all partitions deliver at one moment together, so that one round trip serves them all, and lets the log move on when all of it is worked off.
 * One partition's fetch may bring thousands of records: `work` gets them in slices of at most `batchMax`, one after the other, in order.
 */
import type { ObservableInput, OperatorFunction } from 'rxjs';
import { concatMap, from } from 'rxjs';

import { batchWhileBusy } from '../../platform/batching/batch-while-busy.ts';
import type { BatchOptions } from '../../platform/batching/batch-while-busy.ts';
import type { LogRecord } from '../../platform/event-log/event-log.ts';
import { checkpoint } from './checkpoint.ts';
import type { Delivery } from './from-log.ts';

export function collect<Out>(
  options: BatchOptions,
  work: (records: readonly LogRecord[]) => ObservableInput<Out>,
): OperatorFunction<Delivery, Out> {
  // A partition has one delivery in hand at the most, so the number of partitions bounds what waits, and the pace alone says when a batch starts.
  return batchWhileBusy({ ...options, batchMax: Number.MAX_SAFE_INTEGER }, (deliveries) =>
    from(
      slices(
        deliveries.flatMap(({ records }) => records),
        options.batchMax,
      ),
    ).pipe(concatMap(work), checkpoint(deliveries)),
  );
}

function slices<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
