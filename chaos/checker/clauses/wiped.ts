/** I15: what was on its way while Redis or Kafka was wiped became terminal all the same, once, and what had been answered before is answered with the same bytes after. */
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* wiped(known: Known): Generator<Violation> {
  for (const { what, atMs } of known.wipes) {
    for (const [id, entries] of known.entriesById) {
      const [opened] = entries;
      const settled = entries.filter(({ type }) => type === 'TransactionApproved' || type === 'TransactionRejected');
      const pendingThen =
        opened !== undefined &&
        opened.recordedAtMs <= atMs &&
        (settled[0]?.recordedAtMs ?? Number.POSITIVE_INFINITY) > atMs;
      if (pendingThen && settled.length !== 1)
        yield {
          clause: 'I15',
          what: `terminal ${settled.length} times after ${what} was wiped`,
          witness: id,
          transactionId: id,
        };
    }
    for (const [key, posts] of known.postsByKey) {
      const texts = posts.filter(({ status }) => status === 201);
      const before = texts.find(({ endMs }) => endMs <= atMs);
      const other = before && texts.find(({ startMs, text }) => startMs > atMs && text !== before.text);
      if (other !== undefined)
        yield {
          clause: 'I15',
          what: `another answer after ${what} was wiped`,
          witness: key,
          transactionId: known.rowsByKey.get(key)?.[0]?.id,
        };
    }
  }
}
