/**
 * A place in the journal. Everything at or before it has been read, and nothing can appear behind it any more.
 * Order is (xid, position): the database's own commit horizon, not the order of the identity column, makes it safe.
 */
export type JournalCursor = { readonly xid: bigint; readonly position: bigint };

/** The name under which the place is stored before which nothing is PENDING. */
export const pendingCursor = 'pending';

export const journalStart: JournalCursor = { xid: 0n, position: 0n };

/** The name of the cursor of the last journal row that was pruned: whoever stands before it may have missed something. */
export const prunedCursor = 'pruned';

export function compareCursors(a: JournalCursor, b: JournalCursor): -1 | 0 | 1 {
  if (a.xid !== b.xid) return a.xid < b.xid ? -1 : 1;
  if (a.position !== b.position) return a.position < b.position ? -1 : 1;
  return 0;
}

/** The opaque text that clients hold as an SSE id: `<journal>.<xid>.<position>`, the numbers in base 36. The journal names the database that counted them. */
export function formatCursor(journal: string, { xid, position }: JournalCursor): string {
  return `${journal}.${xid.toString(36)}.${position.toString(36)}`;
}

export type CursorFault = 'malformed' | 'foreign';

export function parseCursor(journal: string, text: string): JournalCursor | CursorFault {
  const match = /^([0-9a-z]{12})\.([0-9a-z]{1,13})\.([0-9a-z]{1,13})$/.exec(text);
  if (match === null) return 'malformed';
  const [, from = '', xid = '', position = ''] = match;
  if (from !== journal) return 'foreign';
  const cursor: JournalCursor = { xid: parseBase36(xid), position: parseBase36(position) };
  return cursor.xid > xidMax || cursor.position > positionMax ? 'malformed' : cursor;
}

/** What xid8 and bigint hold: past them the database refuses the question instead of answering it. */
const xidMax = 2n ** 64n - 1n;
const positionMax = 2n ** 63n - 1n;

function parseBase36(text: string): bigint {
  let value = 0n;
  for (const digit of text) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return value;
}
