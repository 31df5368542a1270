/** Watches the log while it is used: a committed offset never passes a record without a durable effect (I6), and nothing is sent again that the log still owes. */
import type { LogRecord } from '../../src/platform/event-log/event-log.ts';
import type { Topics } from '../../src/streams/topics.ts';
import { parseTransactionId } from '../../src/transaction/ids.ts';
import type { World } from '../kernel/world.ts';
import type { Appended, Broker } from '../ports/broker.ts';
import type { Ledger } from '../ports/ledger.ts';

export type LogIndex = {
  /** Transactions for which a decision was ever on the log. */
  readonly decided: Set<string>;
  /** `generation topic/partition/offset` of what was set aside. */
  readonly setAside: Set<string>;
  readonly settled: string[];
  readonly announced: Set<string>;
};

export function watchLog(
  world: World,
  { broker, ledger, topics }: { broker: Broker; ledger: Ledger; topics: Topics },
): LogIndex {
  const index: LogIndex = { decided: new Set(), setAside: new Set(), settled: [], announced: new Set() };
  const onAppend = (appended: Appended): void => {
    register(index, topics, appended);
    if (appended.record.topic === topics.transactions) checkOwed(world, { broker, topics, appended });
  };
  const onCommit = (group: string, records: readonly LogRecord[]): void => {
    for (const record of records) {
      if (hasEffect(index, { record, group, topics, ledger, generation: broker.generation })) continue;
      const place = `${record.topic}/${record.partition}/${record.offset}`;
      world.violate('I6', `${group} committed past ${place}, which has had no effect`, record.key?.toString());
    }
  };
  broker.onAppend = onAppend;
  broker.onCommit = onCommit;
  return index;
}

function register(index: LogIndex, topics: Topics, { record, generation }: Appended): void {
  const key = record.key?.toString() ?? '';
  if (record.topic === topics.transactions) index.announced.add(key);
  if (record.topic === topics.decisions) index.decided.add(key);
  if (record.topic === topics.settlements) index.settled.push(key);
  if (!record.topic.endsWith('.dead')) return;
  const header = (name: string): string => record.headers.get(`verdict-dead-${name}`)?.toString() ?? '';
  index.setAside.add(`${generation} ${header('topic')}/${header('partition')}/${header('offset')}`);
}

type Passing = {
  readonly record: LogRecord;
  readonly group: string;
  readonly topics: Topics;
  readonly ledger: Ledger;
  readonly generation: number;
};

function hasEffect(index: LogIndex, { record, group, topics, ledger, generation }: Passing): boolean {
  const key = record.key?.toString() ?? '';
  if (index.setAside.has(`${generation} ${record.topic}/${record.partition}/${record.offset}`)) return true;
  if (group === topics.antiFraudGroup) return index.decided.has(key);
  const id = parseTransactionId(key);
  return id !== undefined && (ledger.rows.get(id)?.transaction.status ?? 'PENDING') !== 'PENDING';
}

type Sending = { readonly broker: Broker; readonly topics: Topics; readonly appended: Appended };

/** Owed: it was there at the look that the relay goes by, and the group has not passed it even now. */
function checkOwed(world: World, { broker, topics, appended }: Sending): void {
  const { record, by } = appended;
  const looks = broker.looks.get(by);
  if (!/\/opened\/[1-9]\d*$/.test(record.headers.get('ce_id')?.toString() ?? '') || looks === undefined) return;
  world.sometimes('sent-again');
  if (looks.memory !== broker.memory) return;
  const { basis } = looks;
  looks.use();
  const committed = broker.group(topics.antiFraudGroup, topics.transactions).committed();
  for (const [index, partition] of broker.topic(topics.transactions).partitions.entries()) {
    const end = Number(basis.get(index) ?? 0n);
    const passed = Math.max(0, Number(committed.get(index) ?? -1n));
    for (const earlier of partition.between(Math.max(passed, partition.exemptBelow), end)) {
      if (!isSameKey(earlier, record)) continue;
      const place = `${earlier.topic}/${index}/${earlier.offset}`;
      world.violate('re-send', `sent again although the group still owes ${place}`, record.key?.toString());
    }
  }
}

function isSameKey(a: LogRecord, b: LogRecord): boolean {
  return a.key !== null && b.key !== null && a.key.equals(b.key);
}
