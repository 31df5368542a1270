/** The relay role, one active at a time: sends again what the log no longer owes, settles what is overdue, and publishes settlements. Not on the fast way. */
import { merge, tap } from 'rxjs';
import type { Observable } from 'rxjs';

import type { TransactionId } from '../transaction/ids.ts';
import { createdAtOf } from '../transaction/ids.ts';
import { expire } from '../streams/expire.ts';
import { pendingWalk } from '../streams/pending-walk.ts';
import { relay as relaySettlements } from '../streams/relay.ts';
import { resend } from '../streams/resend.ts';
import { Stragglers } from '../streams/stragglers.ts';
import { Waker } from '../streams/waker.ts';
import type { EventLog } from '../platform/event-log/event-log.ts';
import { retryBackoff } from './consuming.ts';
import { topicsOf } from './log-topics.ts';
import type { Pipelines } from './pipelines.ts';
import type { Tools } from './tools.ts';
import type { Transactions } from './transactions.ts';
import { untilEnded } from './until-ended.ts';

export type RelayParts = Transactions & { readonly eventLog: EventLog };

export function relay(tools: Tools, parts: RelayParts, pipelines: Pipelines): void {
  const { config, log, metrics } = tools;
  let stragglers = new Stragglers(config.resend.stragglersMax);
  metrics.watchPendingAge(() => ageOf(tools, stragglers.oldest()));
  const active = async (held: AbortSignal): Promise<void> => {
    log.info({ part: 'relay' }, 'active');
    await untilEnded(relayPipelines(tools, { ...parts, stragglers }, held));
    stragglers = new Stragglers(config.resend.stragglersMax);
    metrics.stragglers(0);
    log.info({ part: 'relay' }, 'no longer active');
  };
  pipelines.run('relay', (signal) => parts.database.withLease('verdict-relay', active, signal));
}

function ageOf({ clock }: Tools, oldest: TransactionId | undefined): number {
  return oldest === undefined ? 0 : Math.max(0, clock.now() - createdAtOf(oldest)) / 1_000;
}

type ActiveParts = RelayParts & { readonly stragglers: Stragglers };

function relayPipelines(tools: Tools, parts: ActiveParts, signal: AbortSignal): Observable<unknown> {
  const { clock, config, entropy, log, metrics } = tools;
  const { statements, eventLog, stragglers } = parts;
  const topics = topicsOf(tools);
  const retry = { clock, entropy, ...retryBackoff, onRetry: () => metrics.retried('relay') };
  const passes = { clock, entropy, everyMs: config.resend.everyMs, jitterMs: config.resend.jitterMs };
  const shared = { ...passes, stragglers, retry, signal, statements };
  return merge(
    pendingWalk({
      ...shared,
      olderThanMs: config.resend.afterMs,
      pageMax: walkPageMax,
      saveEveryMs: saveWatermarkEveryMs,
    }).pipe(tap((count) => metrics.stragglers(count))),
    resend({
      ...shared,
      ...{ log: eventLog, topics, batchMax: config.resend.batchMax },
      rest: { firstMs: config.resend.afterMs, maxMs: restMaxMs },
      onWiped: () => log.warn({ part: 'resend' }, 'the event log was wiped'),
      onPaused: (error) => log.warn({ part: 'resend', err: error }, 'paused: the event log or the database is away'),
      onOwed: () => metrics.heldBack(),
    }).pipe(
      tap((count) => {
        metrics.resent(count);
        log.info({ part: 'resend', count }, 'sent again');
      }),
    ),
    expire({ ...shared, batchMax: config.resend.batchMax, expire: (ids) => expireAll(tools, parts, ids) }).pipe(
      tap((count) => log.warn({ part: 'expire', count }, 'settled by their deadline')),
    ),
    relaySettlements({
      ...{ statements, clock, retry, signal, log: eventLog, topic: topics.settlements, waker: new Waker(clock) },
      pageMax: config.relay.batchMax,
      pollMs: config.relay.everyMs,
      ...{ paceMs: config.relay.everyMs, paceFrom: 1 },
      refillMs: config.relay.refillMs,
      onEmptied: () => log.warn({ part: 'relay' }, 'the log of settlements was emptied, and is filled again'),
    }).pipe(tap((count) => metrics.relayed(count))),
  );
}

const walkPageMax = 2_000;
const saveWatermarkEveryMs = 5_000;
const restMaxMs = 30_000;

async function expireAll(
  { clock, config }: Tools,
  { directory }: Transactions,
  ids: readonly TransactionId[],
): Promise<readonly TransactionId[]> {
  const { policy } = config.expire;
  const replies = await Promise.all(ids.map((id) => directory.ask(id, { type: 'Expire', policy, at: clock.now() })));
  return ids.filter((_, index) => {
    const reply = replies[index];
    return (
      reply !== undefined &&
      (reply.type === 'settled' || (reply.type === 'unchanged' && reply.transaction.status !== 'PENDING'))
    );
  });
}
