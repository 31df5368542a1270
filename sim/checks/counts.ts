/** I13: what was accepted is approved, rejected or pending, and a process without faults has counted what the journal holds. */
import type { Evidence } from './check.ts';

export function checkCounts({ world, ledger, fleet, faultFree, clients }: Evidence): void {
  const statuses = [...ledger.rows.values()].map(({ transaction }) => transaction.status);
  const accepted = [...clients.accepted.keys()].length;
  if (accepted > statuses.length) world.violate('I13', `${accepted} were accepted, ${statuses.length} are there`);
  const counted = new Map(fleet.counted);
  for (const life of fleet.lives)
    for (const [event, count] of life.counted.transitions) counted.set(event, (counted.get(event) ?? 0) + count);
  const held = Map.groupBy(ledger.journal, ({ event }) => event.type);
  for (const [event, count] of counted) {
    const rows = held.get(event as 'TransactionOpened')?.length ?? 0;
    if (count > rows && faultFree) world.violate('I13', `${count} ${event} were counted, ${rows} are in the journal`);
    if (count < rows && faultFree) world.violate('I13', `${count} ${event} were counted of ${rows} in the journal`);
  }
}
