/** I8: no phantom: every row has the request that asked for it, every row its journal entries, and every entry its row. */
import { keyOf } from '../known.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* noPhantom(known: Known): Generator<Violation> {
  for (const { id, client, key } of known.rows) {
    if (!known.postsByKey.has(keyOf(client, key)))
      yield { clause: 'I8', what: 'a row that nobody asked for', witness: `${client} ${key} ${id}`, transactionId: id };
    if (!known.entriesById.has(id))
      yield { clause: 'I8', what: 'a row without a journal', witness: `${client} ${key} ${id}`, transactionId: id };
  }
  for (const [id, entries] of known.entriesById) {
    if (!known.rowById.has(id))
      yield { clause: 'I8', what: 'journal entries without a row', witness: `${id} ${entries.length} entries` };
  }
}
