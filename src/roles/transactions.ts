/** The actors of a process over its store, and what they commit as a stream: who announces, wakes or counts listens to it. */
import { Subject } from 'rxjs';
import type { Observable } from 'rxjs';

import { Directory } from '../actors/directory.ts';
import { TransactionStore } from '../persistence/transaction-store.ts';
import type { Metrics } from '../platform/metrics/metrics.ts';
import type { TransactionEvent } from '../transaction/events.ts';
import type { TransactionId } from '../transaction/ids.ts';
import { createdAtOf } from '../transaction/ids.ts';
import type { Ledger } from './adapters.ts';
import type { Tools } from './tools.ts';

export type Committed = { readonly event: TransactionEvent; readonly id: TransactionId };

export type Transactions = Ledger & {
  readonly store: TransactionStore;
  readonly directory: Directory;
  /** After each commit of this process. Listeners must not throw. */
  readonly committed$: Observable<Committed>;
};

/** Reads while a connection is being replaced: a second try is cheaper than a failed request. */
const supervision = { triesMax: 3, pauseMs: 100 };

export function openTransactions(tools: Tools, ledger: Ledger, closing: AsyncDisposableStack): Transactions {
  const { config, clock, log, metrics } = tools;
  const { statements } = ledger;
  const committed$ = new Subject<Committed>();
  closing.defer(() => committed$.complete());
  const store = closing.use(
    new TransactionStore({
      ...{ ...config.batching, statements, scheduler: clock.scheduler },
      onBatch: (name, size) => metrics.batch(name, size),
    }),
  );
  const directory = closing.use(
    new Directory({
      ...{ ...config.actors, store, clock, supervision },
      waitersMax: config.http.inFlightMax,
      onCommitted: (event, id) => {
        count(metrics, event, id);
        committed$.next({ event, id });
      },
      onFault: (error, directive) => {
        if (directive === 'stop') log.error({ part: 'actors', err: error }, 'an actor met a bug and was dropped');
      },
    }),
  );
  metrics.watchActors(() => directory.size);
  return { ...ledger, store, directory, committed$ };
}

function count(metrics: Metrics, event: TransactionEvent, id: TransactionId): void {
  metrics.transition(event.type);
  if (event.type !== 'TransactionApproved' && event.type !== 'TransactionRejected') return;
  const { outcome, decidedBy } = event.decision;
  metrics.settledAfter(outcome, (event.at - createdAtOf(id)) / 1_000);
  if (decidedBy === 'DEADLINE') metrics.expired(1);
}
