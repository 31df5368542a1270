/** I1: every acknowledged transaction exists exactly once, under its key, and is terminal in the end or parked with a cause. */
import { answeredId } from '../known.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* acknowledged(known: Known): Generator<Violation> {
  const parked = parkedIds(known);
  const told = new Set<string>();
  for (const request of known.requests) {
    const id = answeredId(request);
    if (request.method !== 'POST' || id === undefined) continue;
    const row = known.rowById.get(id);
    const said = `${request.client} ${request.key} ${id}`;
    if (row === undefined) yield { clause: 'I1', what: 'acknowledged and not there', witness: said, transactionId: id };
    else if (row.client !== request.client || row.key !== request.key)
      yield { clause: 'I1', what: 'acknowledged under another key than it has', witness: said, transactionId: id };
    else if (row.status === 'PENDING' && !parked.has(id) && !told.has(id)) {
      told.add(id);
      yield { clause: 'I1', what: 'never became terminal', witness: said, transactionId: id };
    }
  }
  for (const { id, status, client, key } of known.rows) {
    if (status === 'PENDING' && !parked.has(id) && !told.has(id))
      yield {
        clause: 'I1',
        what: 'never became terminal, nor acknowledged',
        witness: `${client} ${key} ${id}`,
        transactionId: id,
      };
  }
}

/** Those with a dead letter, which says why. */
export function parkedIds({ epochs }: Known): ReadonlySet<string> {
  const letters = epochs.flatMap(({ records }) => records.filter(({ topic }) => topic.endsWith('.dead')));
  return new Set(letters.flatMap(({ headers, key }) => headers['ce_subject'] ?? key ?? []));
}
