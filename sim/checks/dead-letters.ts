/** I7: the dead letters are the poison, byte for byte, and nothing else; no secret is in their headers (I14). */
import type { Evidence } from './check.ts';

export function checkDeadLetters({ world, broker, poisoned, ledger }: Evidence): void {
  const accounts = [...ledger.rows.values()].flatMap(({ transaction: { opened } }) => [
    opened.debitAccountId,
    opened.creditAccountId,
  ]);
  for (const { record, generation } of broker.appended) {
    if (!record.topic.endsWith('.dead')) continue;
    world.sometimes('dead-letter');
    const key = record.key?.toString() ?? '';
    const header = (name: string): string => record.headers.get(`verdict-dead-${name}`)?.toString() ?? '';
    const cause = header('cause');
    if (!poisoned.has(key)) world.violate('I7', `a good record was set aside as ${cause}`, key);
    // A log that was wiped gives the same place again, and a record in hand by then is set aside on the next one.
    const there = broker.appended.filter(
      ({ record: each, generation: at }) =>
        at <= generation &&
        each.topic === header('topic') &&
        each.partition.toString() === header('partition') &&
        each.offset.toString() === header('offset') &&
        each.key?.toString() === key,
    );
    const original = (there.find((each) => sameBytes(each.record.value, record.value)) ?? there[0])?.record;
    if (original === undefined)
      world.violate('I7', `a dead letter of ${header('topic')}/${header('offset')}, where it never was`, key);
    else if (!sameBytes(original.value, record.value)) world.violate('I7', 'a dead letter with other bytes', key);
    else if (original.headers.get('origin')?.toString() !== record.headers.get('origin')?.toString())
      world.violate('I7', 'a dead letter without its headers', key);
    const headers = [...record.headers.values()].join();
    if (accounts.some((account) => headers.includes(account)))
      world.violate('I14', 'an account id in a dead letter header', key);
  }
}

function sameBytes(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}
