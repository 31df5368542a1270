/** Bugs of those who read and follow: places that are skipped, memories that are out of date, and what belongs to others. */
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import { compareCursors } from '../../src/persistence/cursor.ts';
import type { JournalBatch } from '../../src/http/api.ts';
import type { JournalEntry, StoredTransaction } from '../../src/persistence/statements.ts';
import type { Plant } from './plant.ts';
import { inQuery } from './settling.ts';

export const readingPlants: readonly Plant[] = [
  {
    name: 'id-greater-than-last',
    what: 'the journal is read by the order of its identity column, whatever still runs',
    statements: (_inner, seam) => ({
      readJournal: (after, limit) =>
        inQuery(seam, (ledger) => {
          const behind = ledger.journal
            .filter(({ cursor }) => cursor.position > after.position)
            .toSorted((a, b) => (a.cursor.position < b.cursor.position ? -1 : 1))
            .slice(0, limit);
          const last = behind.at(-1)?.cursor;
          // The same order in both parts of the cursor, as a reader without the horizon has it.
          const entries = behind.map((row) => ({ ...row, cursor: byPosition(row.cursor) }));
          const next = last === undefined ? after : byPosition(last);
          return { entries, next, full: entries.length >= limit, more: false };
        }),
      horizon: () =>
        inQuery(seam, (ledger) => {
          const positions = ledger.journal.map(({ cursor }) => cursor.position);
          return byPosition({ xid: 0n, position: positions.reduce((a, b) => (a > b ? a : b), 0n) });
        }),
      lookUpCursor: async () => 'known',
    }),
  },
  {
    name: 'no-horizon',
    what: 'whatever is committed is read, although older units of work still run',
    statements: (_inner, seam) => ({
      readJournal: (after, limit) =>
        inQuery(seam, (ledger) => {
          const entries = ledger.journal.filter(({ cursor }) => compareCursors(cursor, after) > 0).slice(0, limit);
          return { entries, next: entries.at(-1)?.cursor ?? after, full: entries.length >= limit, more: false };
        }),
    }),
  },
  {
    name: 'starts-at-newest',
    what: 'a stream begins behind what has begun and is not committed yet',
    statements: (_inner, seam) => ({ horizon: () => inQuery(seam, (ledger) => ledger.newest()) }),
  },
  {
    name: 'replay-then-subscribe',
    what: 'what has happened is replayed first, and what happens is subscribed to after',
    api: (inner) => ({
      resume: inner.resume,
      follow: async function* (from, signal): AsyncGenerator<JournalBatch, void> {
        const start = await inner.now();
        for await (const batch of inner.follow(from, signal)) {
          yield batch;
          if (compareCursors(batch.cursor, start) >= 0 || batch.entries.length < 8) break;
        }
        yield* inner.follow(await inner.now(), signal);
      },
    }),
  },
  {
    name: 'skips-on-reconnect',
    what: 'a stream that comes back begins with what happens from now on',
    api: (inner) => ({
      resume: async (lastEventId) => {
        const cursor = await inner.resume(lastEventId);
        return typeof cursor === 'string' ? cursor : inner.now();
      },
    }),
  },
  {
    name: 'id-runs-ahead',
    what: 'a frame carries the id of the end of its batch',
    api: (inner) => ({
      follow: async function* (from, signal): AsyncGenerator<JournalBatch, void> {
        for await (const { entries, cursor } of inner.follow(from, signal)) {
          // Told one by one, each with the last one's id.
          for (const entry of entries) yield { entries: [{ ...entry, cursor }], cursor };
        }
      },
    }),
  },
  {
    name: 'repeats-after-reconnect',
    what: 'a stream that comes back begins with the entry that it ended with',
    api: (inner) => ({
      resume: async (lastEventId) => {
        const cursor = await inner.resume(lastEventId);
        return typeof cursor === 'string' || cursor.position === 0n
          ? cursor
          : { ...cursor, position: cursor.position - 1n };
      },
    }),
  },
  {
    name: 'answers-from-memory',
    what: 'a GET is answered from what this process has seen of the transaction',
    api: (inner) => {
      const seen = new Map<string, Awaited<ReturnType<typeof inner.read>>>();
      return {
        read: async (clientId, id, wait) => {
          const name = `${clientId} ${id}`;
          const known = seen.get(name) ?? (await inner.read(clientId, id, wait));
          if (known !== undefined) seen.set(name, known);
          return known;
        },
      };
    },
  },
  {
    name: 'reads-from-replica',
    what: 'reads go to a copy that is some hundred milliseconds behind',
    statements: (inner, seam) => ({
      read: async (keys) => {
        const stored = await inner.read(keys);
        const before = seam.services.server.now() - 400;
        const old = await inQuery(seam, (ledger) => ledger.journal.filter(({ recordedAt }) => recordedAt <= before));
        return stored.flatMap((row) => asOf(row, old));
      },
    }),
  },
  {
    name: 'reads-any-client',
    what: 'whoever knows an id may read the transaction',
    api: (inner, seam) => ({
      read: async (_clientId, id, wait) => {
        const owner = await inQuery(seam, (ledger) => ledger.rows.get(id)?.transaction.opened.clientId);
        return owner === undefined ? undefined : inner.read(owner, id, wait);
      },
    }),
  },
  {
    name: 'streams-any-client',
    what: 'a stream shows the transactions of every client',
    api: (inner) => ({
      follow: async function* (from, signal): AsyncGenerator<JournalBatch, void> {
        for await (const batch of inner.follow(from, signal))
          yield { ...batch, entries: batch.entries.flatMap((entry) => [entry, forAnother(entry)]) };
      },
    }),
  },
];

function byPosition({ position }: JournalCursor): JournalCursor {
  return { xid: position, position };
}

function asOf(row: StoredTransaction, old: readonly JournalEntry[]): readonly StoredTransaction[] {
  const newest = old.findLast(({ transaction }) => transaction.opened.id === row.transaction.opened.id);
  return newest === undefined ? [] : [{ ...row, transaction: newest.transaction }];
}

function forAnother(entry: JournalEntry): JournalEntry {
  const clientId = entry.transaction.opened.clientId === 'north' ? 'south' : 'north';
  const opened = { ...entry.transaction.opened, clientId: clientId as typeof entry.transaction.opened.clientId };
  return { ...entry, transaction: { ...entry.transaction, opened } };
}
