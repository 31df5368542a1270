/** I11: whether nothing is left to be done: every client answered, everything terminal, published, read and consumed. */
import { compareCursors } from '../../src/persistence/cursor.ts';
import type { Topics } from '../../src/streams/topics.ts';
import type { Appended } from '../ports/broker.ts';
import type { Run } from '../run/run-plan.ts';
import { cursorOf, promisedTo } from './streams.ts';

export function isAtRest(run: Run): boolean {
  return unrest(run) === '';
}

/** What is still to be done; empty where nothing is. */
export function unrest({ callers, services, subscribers, topics }: Run): string {
  const { broker, server } = services;
  const { ledger } = server;
  const waiting = callers.filter(({ done }) => !done).length;
  if (waiting > 0) return `${waiting} clients have no answer`;
  const pending = [...ledger.rows.values()].filter(({ transaction }) => transaction.status === 'PENDING');
  if (pending.length > 0) return `${pending.length} are PENDING: ${pending.map(({ transaction }) => transaction.opened.id.slice(-6)).join()}`;
  const settled = new Set(broker.appended.flatMap((each) => heldSettlement(each, broker.generation, topics)));
  const unpublished = [...ledger.rows.keys()].filter((id) => !settled.has(id));
  if (unpublished.length > 0) return `${unpublished.length} are not on the settlements topic`;
  for (const subscriber of subscribers) {
    if (subscriber.options.transaction !== undefined) {
      if (!subscriber.ended) return `${subscriber.options.name} has not ended`;
      continue;
    }
    const last = cursorOf(subscriber.lastId);
    const promised = promisedTo(subscriber, ledger.journal);
    const behind = promised.filter(({ cursor }) => last === undefined || compareCursors(cursor, last) > 0).length;
    if (behind > 0) return `${subscriber.options.name} is ${behind} behind`;
  }
  for (const [group, topic] of [[topics.antiFraudGroup, topics.transactions], [topics.settlementGroup, topics.decisions]] as const) {
    const committed = broker.group(group, topic).committed();
    for (const [at, { begin, end }] of broker.topic(topic).partitions.entries())
      if (end > begin && Number(committed.get(at)) < end) return `${group} lags in partition ${at}`;
  }
  return '';
}

/** What was published on a log that is gone is published again: other systems may have missed it. */
function heldSettlement({ record, generation }: Appended, present: number, topics: Topics): readonly string[] {
  return record.topic === topics.settlements && generation === present ? [record.key?.toString() ?? ''] : [];
}
