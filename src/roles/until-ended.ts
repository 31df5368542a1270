/** A pipeline as a promise: resolves when it completes, with nothing, also when it emitted nothing. */
import type { Observable } from 'rxjs';

export function untilEnded(pipeline: Observable<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    pipeline.subscribe({ error: reject, complete: resolve });
  });
}
