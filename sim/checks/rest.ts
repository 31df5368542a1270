/** I11: whether nothing is left to be done: every client answered, everything terminal, published, read and consumed. */
import { compareCursors } from '../../src/persistence/cursor.ts';
import type { Topics } from '../../src/streams/topics.ts';
import type { Appended } from '../ports/broker.ts';
import type { Run } from '../run/run-plan.ts';
import { cursorOf, promisedTo } from './streams.ts';

export function isAtRest(run: Run): boolean {
  return unrest(run) === undefined;
}

export type Unrest = { readonly what: string; readonly transaction?: string | undefined };

/** What is still to be done; undefined where nothing is. */
export function unrest(run: Run): Unrest | undefined {
  return waitingClients(run) ?? unsettled(run) ?? unread(run) ?? lagging(run);
}

function waitingClients({ callers }: Run): Unrest | undefined {
  const waiting = callers.filter(({ done }) => !done).length;
  return waiting > 0 ? { what: `${waiting} clients have no answer` } : undefined;
}

function unsettled({ services: { broker, server }, topics }: Run): Unrest | undefined {
  const rows = [...server.ledger.rows.values()].map(({ transaction }) => transaction);
  const pending = rows.filter(({ status }) => status === 'PENDING').map(({ opened }) => opened.id);
  if (pending.length > 0) return { what: `${pending.length} are PENDING`, transaction: pending[0] };
  const held = new Set(broker.appended.flatMap((each) => heldSettlement(each, broker.generation, topics)));
  const unpublished = rows.map(({ opened }) => opened.id).filter((id) => !held.has(id));
  if (unpublished.length === 0) return undefined;
  return { what: `${unpublished.length} are not on the settlements topic`, transaction: unpublished[0] };
}

function unread({ services, subscribers }: Run): Unrest | undefined {
  const { journal } = services.server.ledger;
  for (const subscriber of subscribers) {
    const { name, transaction } = subscriber.options;
    if (transaction !== undefined) {
      if (!subscriber.ended) return { what: `${name} has not ended`, transaction };
      continue;
    }
    const last = cursorOf(subscriber.lastId);
    const behind = promisedTo(subscriber, journal).filter(
      ({ cursor }) => last === undefined || compareCursors(cursor, last) > 0,
    );
    if (behind.length > 0)
      return { what: `${name} is ${behind.length} behind`, transaction: behind[0]?.transaction.opened.id };
  }
  return undefined;
}

function lagging({ services: { broker }, topics }: Run): Unrest | undefined {
  const pairs = [
    [topics.antiFraudGroup, topics.transactions],
    [topics.settlementGroup, topics.decisions],
  ] as const;
  for (const [group, topic] of pairs) {
    const committed = broker.group(group, topic).committed();
    for (const [at, { begin, end }] of broker.topic(topic).partitions.entries())
      if (end > begin && Number(committed.get(at)) < end) return { what: `${group} lags in partition ${at}` };
  }
  return undefined;
}

/** What was published on a log that is gone is published again: other systems may have missed it. */
function heldSettlement({ record, generation }: Appended, present: number, topics: Topics): readonly string[] {
  return record.topic === topics.settlements && generation === present ? [record.key?.toString() ?? ''] : [];
}
