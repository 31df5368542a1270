/**
 * Lets the log move on only after the effect: deliveries are done when the work on them completes, and failed, to come again, when it does not.
 * Work that was stopped ends quietly; any other error goes on, because what no retry cures is a bug.
 */
import type { MonoTypeOperatorFunction } from 'rxjs';
import { catchError, EMPTY, tap, throwError } from 'rxjs';

import { Failure } from '../../platform/failure.ts';
import type { Delivery } from './from-log.ts';

export function checkpoint<T>(deliveries: readonly Delivery[]): MonoTypeOperatorFunction<T> {
  return (source) =>
    source.pipe(
      tap({
        complete: () => {
          for (const delivery of deliveries) delivery.done();
        },
      }),
      catchError((error: unknown) => {
        for (const delivery of deliveries) delivery.failed(error);
        return error instanceof Failure && error.code === 'stopped' ? EMPTY : throwError(() => error);
      }),
    );
}
