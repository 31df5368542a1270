/** I1, I4: one transaction per client and key, the same bytes in every answer to the same body, and a refusal for every other body. */
import type { TransactionId } from '../../src/transaction/ids.ts';
import type { Exchange } from '../clients/client-log.ts';
import { idIn } from '../clients/client-log.ts';
import type { Evidence } from './check.ts';

export function checkAnswers(evidence: Evidence): void {
  const { world, ledger, clients, atRest } = evidence;
  for (const [key, posts] of Map.groupBy(clients.posts, ({ client, key }) => `${client} ${key}`)) {
    checkOneKey(evidence, key, posts);
  }
  for (const [id, client] of clients.accepted) {
    const row = ledger.rows.get(id as TransactionId);
    if (row === undefined) world.violate('I1', 'acknowledged and not there', id);
    else if (row.transaction.opened.clientId !== client) world.violate('I9', 'acknowledged to another client', id);
    else if (atRest && row.transaction.status === 'PENDING') world.violate('I1', 'still PENDING at rest', id);
  }
}

function checkOneKey({ world, ledger }: Evidence, key: string, posts: readonly Exchange[]): void {
  const created = posts.filter(({ status }) => status === 201);
  const ids = new Set(created.map(({ answer }) => idIn(answer)));
  if (ids.size > 1) world.violate('I4', `${key} was answered with ${ids.size} transactions`, [...ids][0]);
  for (const [body, same] of Map.groupBy(created, ({ body }) => body)) {
    const bytes = new Set(same.map(({ answer }) => answer));
    if (bytes.size > 1)
      world.violate('I4', `answers to one request differ: ${[...bytes].join(' | ')}`, idIn(same[0]?.answer ?? ''));
    if (same.length > 1) world.sometimes('replayed');
    void body;
  }
  const bodies = new Set(created.map(({ body }) => body));
  if (bodies.size > 1) world.violate('I4', `${key} was answered 201 for different bodies`, [...ids][0]);
  if (posts.some(({ status }) => status === 422)) world.sometimes('key-reused');
  const rows = [...ledger.rows.values()].filter(
    ({ transaction: { opened } }) => `${opened.clientId} ${opened.idempotencyKey}` === key,
  );
  if (rows.length > 1) world.violate('I4', `${key} has ${rows.length} rows`, rows[0]?.transaction.opened.id);
  if (created.length === 0 && rows.length === 0 && posts.some(({ status }) => status === 422))
    world.violate('I4', `${key} was refused for another body and has none`);
}
