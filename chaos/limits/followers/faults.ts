/** Compares what followers were shown with the journal: between its first and its last id, each sees every entry that its path asks for once, in order, and no other. */
import { compare, placeOf } from '../../checker/cursor-id.ts';
import type { Place } from '../../checker/cursor-id.ts';
import { asking } from '../../tables.ts';
import type { Transcript } from './protocol.ts';

export type Entry = Place & { readonly type: string };

/** In the order of the journal. */
export function readEntries(databaseUrl: string): Promise<readonly Entry[]> {
  return asking(databaseUrl, async (client) => {
    const { rows } = await client.query<Entry>(
      `select xid::text::float8 as xid, position::float8 as position, type from transaction_event
        where type <> 'DecisionSuperseded' order by transaction_event.xid, transaction_event.position`,
    );
    return rows;
  });
}

/** One line for each follower that was shown something else. */
export function faultsOf(transcripts: readonly Transcript[], journal: readonly Entry[]): readonly string[] {
  const byPath = new Map<string, readonly Entry[]>();
  return transcripts.flatMap((transcript, index) => {
    const { path } = transcript;
    const entries = byPath.get(path) ?? journal.filter(({ type }) => asksFor(path, type));
    byPath.set(path, entries);
    const fault = faultOf(transcript, entries);
    return fault === undefined ? [] : [`follower ${index} of ${path}: ${fault}`];
  });
}

function faultOf({ firstId, lastId, ids, refusals }: Transcript, entries: readonly Entry[]): string | undefined {
  const refusal = refusals.find((each) => /^4(?!29)/.test(each));
  if (refusal !== undefined) return `was refused with ${refusal}`;
  if (firstId === '') return 'never learnt where it stands';
  const [first, last] = [placeOf(firstId), placeOf(lastId)];
  const wanted = entries.filter((entry) => compare(entry, first) > 0 && compare(entry, last) <= 0);
  const at = wanted.findIndex((entry, index) => compare(entry, placeOf(ids[index] ?? '..')) !== 0);
  if (at < 0 && wanted.length === ids.length) return undefined;
  return `${ids.length} frames where there are ${wanted.length}, different from ${at < 0 ? wanted.length : at} on (${ids[at] ?? 'nothing'})`;
}

function asksFor(path: string, type: string): boolean {
  const status = new URL(path, 'http://localhost').searchParams.get('status');
  return status === null || status.split(',').includes(statusOf(type));
}

function statusOf(type: string): string {
  return type === 'TransactionOpened' ? 'PENDING' : type === 'TransactionApproved' ? 'APPROVED' : 'REJECTED';
}
