/**
 * What a process measures of itself, under names that do not change. Counting is a call; what has to be looked up (lag, backlog, ages) is read when somebody asks for the metrics.
 * HTTP has instruments of its own, on the same registry.
 */
import { collectDefaultMetrics, Registry } from 'prom-client';

import type { Reading } from './instruments.ts';
import { counter, gauge, histogram, instrumentsOf, watched } from './instruments.ts';

export type Metrics = ReturnType<typeof openMetrics>;

/** `role` is what this process does, as one text; it is a label of everything. */
export function openMetrics({ role }: { readonly role: string }) {
  const registry = new Registry();
  registry.setDefaultLabels({ role });
  // Memory, CPU, garbage collection, file descriptors, delay of the event loop.
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    exposition: { contentType: registry.contentType, metrics: () => registry.metrics() },
    ...transactionCounts(registry),
    ...pipelineCounts(registry),
    ...outageCounts(registry),
    ...relayCounts(registry),
    ...watches(registry),
  };
}

function transactionCounts(registry: Registry) {
  const of = instrumentsOf(registry);
  const transitions = counter(
    of('transactions_total', 'Events that this process committed, by type: TransactionOpened, TransactionApproved …', [
      'event',
    ]),
  );
  const settledAfter = histogram(
    of('settled_after_seconds', 'Time from the opening of a transaction to its terminal status, by status', ['status']),
    [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120],
  );
  const decisions = counter(of('decisions_total', 'Decisions by the rules, by outcome', ['outcome']));
  const faults = counter(
    of('rule_faults_total', 'Evaluations without an answer, by rule: the ruleset needs mending', ['rule']),
  );
  return {
    transition: (event: string): void => transitions({ event }),
    settledAfter: (status: 'APPROVED' | 'REJECTED', seconds: number): void => settledAfter({ status }, seconds),
    decided: (outcome: 'APPROVED' | 'REJECTED'): void => decisions({ outcome }),
    ruleFault: (rule: string): void => faults({ rule }),
  };
}

function pipelineCounts(registry: Registry) {
  const of = instrumentsOf(registry);
  const batches = histogram(
    of('batch_size', 'Items that went together, by what they were', ['batch']),
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  );
  const deadLetters = counter(of('dead_letters_total', 'Records set aside, by topic and cause', ['topic', 'cause']));
  const repeats = counter(of('repeats_total', 'Records dropped because their id had been handled', ['pipeline']));
  return {
    batch: (batch: string, size: number): void => batches({ batch }, size),
    deadLetter: (topic: string, cause: string): void => deadLetters({ topic, cause }),
    repeats: (pipeline: string, count: number): void => repeats({ pipeline }, count),
  };
}

function relayCounts(registry: Registry) {
  const of = instrumentsOf(registry);
  const relayed = counter(of('relayed_total', 'Settlements that the relay put on the log', []));
  const resent = counter(of('resent_total', 'Opened transactions that the relay sent again', []));
  const heldBack = counter(
    of('resend_held_back_total', 'Rounds that sent nothing because the log still owes its records', []),
  );
  const expired = counter(of('expired_total', 'Transactions settled by policy at their deadline', []));
  const stragglers = gauge(of('relay_stragglers', 'PENDING transactions that the relay remembers', []));
  return {
    relayed: (count: number): void => relayed({}, count),
    resent: (count: number): void => resent({}, count),
    heldBack: (): void => heldBack({}),
    expired: (count: number): void => expired({}, count),
    stragglers: (count: number): void => stragglers({}, count),
  };
}

function outageCounts(registry: Registry) {
  const of = instrumentsOf(registry);
  const dropped = counter(
    of('announcements_dropped_total', 'Opened transactions that were not announced and are left to the re-send', [
      'reason',
    ]),
  );
  const keyStore = counter(of('key_store_failures_total', 'Calls that the key store failed', []));
  const restarts = counter(of('consumer_restarts_total', 'Consumers built anew, by group', ['group']));
  const retries = counter(of('retries_total', 'Tries again after an outage, by pipeline', ['pipeline']));
  return {
    announcementsDropped: (count: number, reason: 'overflow' | 'failed' | 'closed'): void => dropped({ reason }, count),
    keyStoreFailed: (): void => keyStore({}),
    consumerRestarted: (group: string): void => restarts({ group }),
    retried: (pipeline: string): void => retries({ pipeline }),
  };
}

/** Each is called once with what to read. An age is in seconds, 0 where there is nothing. */
function watches(registry: Registry) {
  const of = instrumentsOf(registry);
  const single = (name: string, help: string) => (read: () => number | Promise<number>) =>
    watched(of(name, help, []), async () => [{ labels: {}, value: await read() }]);
  return {
    /** One reading for each group. */
    watchLag: (read: () => Promise<readonly Reading<'group'>[]>): void =>
      watched(of('log_lag_records', 'Records that a group has not committed yet', ['group']), read),
    watchBacklog: single('relay_backlog_records', 'Settlements in the journal that are not relayed yet'),
    watchPendingAge: single('pending_age_seconds', 'Age of the oldest PENDING transaction that the relay remembers'),
    watchHorizonAge: single('journal_horizon_age_seconds', 'How long a writing unit of work has held all cursors back'),
    watchAnnouncements: single('announce_queue_depth', 'Opened transactions waiting to be announced'),
    watchActors: single('actors', 'Transactions in memory'),
    watchFollowers: single('status_feed_followers', 'Those who follow or watch the status feed'),
  };
}
