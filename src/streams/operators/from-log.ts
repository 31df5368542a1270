/**
 * Consumes a topic as one member of a group: each delivery is a batch of one partition, and that partition waits until it is done or has failed.
 * The signal ends it gently: what was delivered is finished and committed, then it completes. Unsubscribing fails what is in hand, so that it comes again elsewhere.
 */
import { Observable } from 'rxjs';

import type { EventLog, LogRecord } from '../../platform/event-log/event-log.ts';
import { Failure } from '../../platform/failure.ts';

export type Delivery = {
  readonly records: readonly LogRecord[];
  /** The effects are durable: commit, and go on with this partition. */
  readonly done: () => void;
  /** Nothing may be committed: deliver again. */
  readonly failed: (error: unknown) => void;
};

export type FromLogOptions = { readonly topic: string; readonly group: string; readonly signal: AbortSignal };

export function fromLog(log: Pick<EventLog, 'consume'>, options: FromLogOptions): Observable<Delivery> {
  return new Observable((subscriber) => {
    const left = new AbortController();
    const inHand = new Set<Delivery>();
    subscriber.add(() => {
      left.abort();
      for (const delivery of inHand)
        delivery.failed(new Failure('stopped', `${options.topic} is not consumed any more`));
    });
    const handle = async (records: readonly LogRecord[]): Promise<void> => {
      if (left.signal.aborted) throw new Failure('stopped', `${options.topic} is not consumed any more`);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const delivery: Delivery = { records, done: resolve, failed: reject };
      inHand.add(delivery);
      subscriber.next(delivery);
      await promise.finally(() => inHand.delete(delivery));
    };
    const { topic, group } = options;
    log.consume({ topic, group, handle, signal: AbortSignal.any([options.signal, left.signal]) }).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
  });
}
