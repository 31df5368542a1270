/**
 * Makes an observable of a loop that works until it is told to stop. The signal lets it finish what it has in hand and completes the observable;
 * unsubscribing tells it the same and listens no longer. What the world refuses it while it stops is no error any more.
 */
import { Observable } from 'rxjs';

import { Failure } from '../../platform/failure.ts';

export function fromLoop<T>(
  signal: AbortSignal,
  loop: (emit: (value: T) => void, signal: AbortSignal) => Promise<void>,
): Observable<T> {
  return new Observable((subscriber) => {
    const left = new AbortController();
    subscriber.add(() => left.abort());
    const stopping = AbortSignal.any([signal, left.signal]);
    loop((value) => subscriber.next(value), stopping).then(
      () => subscriber.complete(),
      (error: unknown) => {
        if (stopping.aborted && error instanceof Failure) subscriber.complete();
        else subscriber.error(error);
      },
    );
  });
}
