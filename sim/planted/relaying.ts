/** Bugs of the relay: what is sent again, what is published, and what is forgotten. */
import type { NewRecord } from '../../src/platform/event-log/event-log.ts';
import { pendingCursor } from '../../src/persistence/cursor.ts';
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import { relayCursor } from '../../src/streams/relay-progress.ts';
import type { Plant } from './plant.ts';
import { inUnit } from './settling.ts';

export const relayingPlants: readonly Plant[] = [
  {
    name: 'dual-write',
    what: 'row and announcement are two writes, and nobody looks for rows that were never announced',
    statements: () => ({ walkPending: async (after) => ({ pending: [], next: after, more: false }) }),
  },
  {
    name: 'resend-with-first-id',
    what: 'what is sent again carries the event id of the first attempt',
    eventLog: (inner) => ({ append: (topic, records) => inner.append(topic, records.map(withFirstId)) }),
  },
  {
    name: 'resend-while-owed',
    what: 'what is old is sent again, although the groups have not got to it yet',
    eventLog: (inner) => ({ committed: (_group, topic) => inner.ends(topic) }),
  },
  {
    name: 'resend-reopens',
    what: 'what is sent again is set back to PENDING first',
    statements: (_inner, seam) =>
      seam.roles.includes('relay')
        ? {
            load: (ids) =>
              inUnit(seam, 0, (ledger) =>
                ids.flatMap((id) => {
                  const row = ledger.rows.get(id);
                  if (row === undefined) return [];
                  ledger.store({ status: 'PENDING', version: 1, opened: row.transaction.opened }, row.answerVersion);
                  return ledger.rows.get(id) ?? [];
                }),
              ),
          }
        : {},
  },
  {
    name: 'cursor-before-append',
    what: 'the relay stores its place before the settlements are on the log',
    statements: (inner) => ({
      readJournal: async (after, limit, which) => {
        const page = await inner.readJournal(after, limit, which);
        if (page.entries.length > 0) await inner.saveCursor(relayCursor, page.next).catch(() => undefined);
        return page;
      },
    }),
  },
  {
    name: 'watermark-past-pending',
    what: 'the walk stores how far it has got, not before which place nothing is PENDING',
    statements: (inner) => {
      let walked: JournalCursor | undefined;
      return {
        walkPending: async (after, olderThanMs, limit) => {
          const walk = await inner.walkPending(after, olderThanMs, limit);
          walked = walk.next;
          await inner.saveCursor(pendingCursor, walk.next).catch(() => undefined);
          return walk;
        },
        saveCursor: (name, cursor, turn) =>
          inner.saveCursor(name, name === pendingCursor ? (walked ?? cursor) : cursor, turn),
      };
    },
  },
  {
    name: 'relay-skips-deadline',
    what: 'settlements by the deadline are not published',
    eventLog: (inner) => ({
      append: (topic, records) =>
        inner.append(
          topic,
          records.filter(({ value }) => !String(value).includes('"DEADLINE"')),
        ),
    }),
  },
  {
    name: 'wipe-unseen-by-relay',
    what: 'the relay never looks whether the log still holds what it published',
    eventLog: (inner) => ({
      ends: async (topic) => {
        const ends = await inner.ends(topic);
        return topic.endsWith('settlements')
          ? new Map([...ends.keys()].map((partition) => [partition, 1_000_000n]))
          : ends;
      },
    }),
  },
];

function withFirstId(record: NewRecord): NewRecord {
  const id = String(record.headers['ce_id']);
  return { ...record, headers: { ...record.headers, ce_id: id.replace(/\/opened\/\d+$/, '/opened/0') } };
}
