/** The ring holds the newest entries without a gap, says from where on, and makes room for many at a time. */
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';

import { journalStart } from '../../src/persistence/cursor.ts';
import type { JournalEntry } from '../../src/persistence/statements.ts';
import { JournalRing } from '../../src/streams/journal-ring.ts';
import { suite } from '../support/suite.ts';
import { openedTransaction } from '../support/transactions.ts';

const test = suite('journal ring');

function entry(number: number): JournalEntry {
  const opened = openedTransaction(number);
  return {
    cursor: { xid: BigInt(number), position: BigInt(number) },
    event: { type: 'TransactionOpened', at: opened.createdAt, transaction: opened },
    transaction: { status: 'PENDING', version: 1, opened },
  };
}

test('whatever pages come, the newest are there, in order, behind the start', () => {
  const pages = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), pages, (max, sizes) => {
      const ring = new JournalRing(journalStart, max);
      let last = 0;
      for (const size of sizes) {
        ring.push(Array.from({ length: size }, (_, index) => entry(last + index + 1)));
        last += size;
        const kept = ring.batchAfter(ring.start, Number.MAX_SAFE_INTEGER)?.entries ?? [];
        const first = Number(ring.start.xid) + 1;
        assert.equal(
          kept.map(({ cursor }) => Number(cursor.xid)),
          Array.from({ length: last - first + 1 }, (_, index) => first + index),
        );
        assert.ok(kept.length <= max, `${kept.length} of ${max} are kept`);
        assert.ok(kept.length >= Math.min(last, max - Math.floor(max / 8)), `only ${kept.length} of ${max} are kept`);
      }
    }),
  );
});

test.run();
