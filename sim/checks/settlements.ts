/** The relay: every terminal transition is on the settlements topic, first appearances in the order of the journal, none of what never was. */
import type { TransactionId } from '../../src/transaction/ids.ts';
import type { Evidence } from './check.ts';

export function checkSettlements({ world, ledger, index, atRest }: Evidence): void {
  const expected = ledger.journal
    .filter(({ event }) => event.type === 'TransactionApproved' || event.type === 'TransactionRejected')
    .map(({ transaction }) => transaction.opened.id);
  const firsts = [...new Set(index.settled)];
  for (const id of firsts) {
    if (ledger.rows.get(id as TransactionId)?.transaction.status === undefined)
      world.violate('I8', 'a settlement of what does not exist', id);
  }
  if (expected.slice(0, firsts.length).join() !== firsts.join())
    world.violate('relay', `published ${short(firsts)}, the journal has ${short(expected)}`, firsts[0]);
  if (index.settled.length > firsts.length) world.sometimes('settlement-repeated');
  if (atRest && firsts.length < expected.length)
    world.violate(
      'relay',
      `${expected.length - firsts.length} settlements were never published`,
      expected.find((id) => !firsts.includes(id)),
    );
}

function short(ids: readonly string[]): string {
  return `[${ids.map((id) => id.slice(-6)).join(' ')}]`;
}
