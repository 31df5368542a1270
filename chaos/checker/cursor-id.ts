/** Reads the ids of stream frames. They are opaque to clients; the checker knows that they are a journal's name, a unit of work and a position, the numbers in base 36. */
import type { Entry } from './evidence.ts';

export type Place = Pick<Entry, 'xid' | 'position'>;

export function placeOf(id: string): Place {
  const [, xid = '', position = ''] = id.split('.');
  return { xid: Number.parseInt(xid, 36), position: Number.parseInt(position, 36) };
}

export function compare(a: Place, b: Place): number {
  return a.xid - b.xid || a.position - b.position;
}

export function idOf(journal: string, { xid, position }: Place): string {
  return `${journal}.${xid.toString(36)}.${position.toString(36)}`;
}
