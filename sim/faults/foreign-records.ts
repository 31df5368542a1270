/** Records that no process of ours would write: poison, decisions about nothing, and a second opinion on what was decided. */
import { writeRecord } from '../../src/streams/envelope.ts';
import { decisionMade } from '../../src/streams/event-kinds.ts';
import { decisionEventId } from '../../src/streams/event-ids.ts';
import type { Topics } from '../../src/streams/topics.ts';
import { parseTransactionId } from '../../src/transaction/ids.ts';
import { epochMs } from '../kernel/world.ts';
import type { Broker } from '../ports/broker.ts';

const stranger = 'a stranger';

/** Keys of what must end as a dead letter. */
export type Poisoned = Set<string>;

type Where = { readonly topic: Topics['transactions']; readonly at: number };

const values = ['{"not": json', '{}', '', '{"__proto__": {"polluted": true}}'];

export function poison(broker: Broker, poisoned: Poisoned, { topic, at }: Where): void {
  const key = `poison-${poisoned.size + 1}`;
  poisoned.add(key);
  const value = values[Math.floor(at) % values.length] ?? null;
  broker.append(topic, [{ key, value, headers: { ce_id: 'whatever', origin: 'elsewhere' } }], stranger);
}

export function unknownDecision(broker: Broker, poisoned: Poisoned, { topic, at }: Where): void {
  const tail = (poisoned.size + 1).toString(16).padStart(12, '0');
  const transactionId = parseTransactionId(`00000000-0000-7000-8000-${tail}`);
  if (transactionId === undefined) throw new Error('no id');
  poisoned.add(transactionId);
  const decision = {
    outcome: 'APPROVED',
    reasons: [],
    ruleset: 'nobody',
    decidedBy: 'RULES',
    decidedAt: epochMs,
  } as const;
  const id = decisionEventId(transactionId, 0);
  const value = { transactionId, decision };
  broker.append(topic, [writeRecord(decisionMade, { id, timeMs: epochMs + Math.floor(at), value })], stranger);
}

/** The opposite of the newest decision, under an id of its own: a new ruleset may judge so. */
export function contradict(broker: Broker, { topic, atMs }: Strangely): void {
  const last = broker.appended.findLast(({ record, by }) => record.topic === topic && by !== stranger);
  const outcome = last?.record.value?.toString().includes('"APPROVED"') === true ? 'REJECTED' : 'APPROVED';
  decide(broker, last?.record.key?.toString() ?? '', { topic, atMs, outcome });
}

/** A decision that nobody here has made. */
export function decideElsewhere(broker: Broker, transactions: readonly string[], where: Strangely): void {
  for (const id of transactions) decide(broker, id, { ...where, outcome: 'APPROVED' });
}

type Strangely = { readonly topic: string; readonly atMs: number };

function decide(
  broker: Broker,
  id: string,
  { topic, atMs, outcome }: Strangely & { readonly outcome: 'APPROVED' | 'REJECTED' },
): void {
  const transactionId = parseTransactionId(id);
  if (transactionId === undefined) return;
  const reasons = outcome === 'REJECTED' ? ['SECOND_OPINION'] : [];
  const decision = { outcome, reasons, ruleset: 'second', decidedBy: 'RULES', decidedAt: epochMs + atMs } as const;
  const value = { transactionId, decision };
  const envelope = { id: decisionEventId(transactionId, atMs), timeMs: epochMs + atMs, value };
  broker.append(topic, [writeRecord(decisionMade, envelope)], stranger);
}
