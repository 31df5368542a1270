/** The front door: opens transactions, announces what it committed, waits and streams for clients. Its HTTP face is `frontDoorApi`. */
import type { Api } from '../http/api.ts';
import type { DeadLetters } from '../http/dead-letters.ts';
import { IdempotencyKeys } from '../persistence/idempotency-keys.ts';
import { journalChannel } from '../persistence/sql/write.ts';
import { Announcer } from '../streams/announce.ts';
import { StatusFeed } from '../streams/status-feed.ts';
import type { LogAndKeys } from './consuming.ts';
import { retryBackoff } from './consuming.ts';
import { deadLetters } from './dead-letters.ts';
import { frontDoorApi } from './front-door-api.ts';
import { topicsOf } from './log-topics.ts';
import type { Pipelines } from './pipelines.ts';
import type { Tools } from './tools.ts';
import type { Transactions } from './transactions.ts';

export type FrontDoor = {
  readonly api: Api;
  readonly deadLetters: DeadLetters;
  readonly start: (pipelines: Pipelines) => void;
};

export function frontDoor(tools: Tools, parts: Transactions & LogAndKeys, closing: AsyncDisposableStack): FrontDoor {
  const { directory, committed$, database } = parts;
  const announcer = closing.use(openAnnouncer(tools, parts));
  const keys = closing.use(openKeys(tools, parts));
  const feed = closing.use(openFeed(tools, parts));
  const listening = committed$.subscribe(({ event }) => {
    if (event.type === 'TransactionOpened') announcer.announce(event.transaction);
  });
  listening.add(
    feed.settled$.subscribe((transaction) => {
      directory.tell(transaction.opened.id, { type: 'Observe', transaction }, { ifPresent: true });
    }),
  );
  closing.defer(() => listening.unsubscribe());
  tools.metrics.watchAnnouncements(() => announcer.waiting);
  tools.metrics.watchFollowers(() => feed.leases);
  return {
    api: frontDoorApi(tools, { ...parts, keys, feed }),
    deadLetters: deadLetters(tools, parts),
    start: (pipelines) => {
      pipelines.run('wake-ups', (signal) => database.listen(journalChannel, () => feed.wake(), signal));
    },
  };
}

function openAnnouncer(tools: Tools, { eventLog }: LogAndKeys): Announcer {
  const { clock, config, entropy, log, metrics } = tools;
  return new Announcer({
    ...{ log: eventLog, topic: topicsOf(tools).transactions, clock, entropy },
    batching: config.batching,
    queueMax: config.announce.queueMax,
    drainMs: config.shutdown.graceMs / 4,
    onBatch: (size) => metrics.batch('announce', size),
    onDropped: (count, why, error) => {
      metrics.announcementsDropped(count, why);
      // One line for each transaction would answer an outage of the log with a flood; the batches that fail meanwhile say what is wrong.
      if (why !== 'overflow')
        log.warn({ part: 'announce', count, why, err: error }, 'not announced; the relay will send them');
    },
  });
}

function openKeys({ config, clock, metrics }: Tools, { keyStore }: LogAndKeys): IdempotencyKeys {
  return new IdempotencyKeys({
    ...config.batching,
    keyStore,
    scheduler: clock.scheduler,
    answeredTtlMs: config.keyStore.idempotencyTtlMs,
    onFailure: () => metrics.keyStoreFailed(),
  });
}

function openFeed({ clock, config, entropy, log, metrics }: Tools, { statements }: Transactions): StatusFeed {
  return new StatusFeed({
    ...{ statements, clock, retry: { clock, entropy, ...retryBackoff, onRetry: () => metrics.retried('status-feed') } },
    pageMax: config.batching.batchMax * 2,
    pollMs: config.statusFeed.pollMs,
    paceMs: config.batching.paceMs,
    ringMax: config.statusFeed.ringMax,
    directReadsMax: 4,
    directPageMax: 200,
    lingerMs: 1_000,
    onPage: (entries) => metrics.batch('status_feed', entries),
    onFault: (error) => log.error({ part: 'status-feed', err: error }, 'the reader of the journal met a bug'),
  });
}
