/** Room on the disk for what is loaded beforehand: asked before anything is written, since a full disk ends more than a bench. */
import { statfs } from 'node:fs/promises';

/** Rows, indexes and the journal of one transaction took 1,153 bytes of a real schema with 100,000 of them. */
const bytesPerTransaction = 1_153;
/** The write-ahead log up to PostgreSQL's usual bound, and what the building of indexes sorts. */
const besideBytes = 2_500_000_000;
const timesNeeded = 2;
const gigabyte = 1e9;

/** What is missing, in a sentence; undefined where there is twice what is needed. */
export function lackOfRoom(transactions: number, freeBytes: number): string | undefined {
  const needed = transactions * bytesPerTransaction + besideBytes;
  if (freeBytes >= timesNeeded * needed) return undefined;
  const gigabytes = (bytes: number): string => `${(bytes / gigabyte).toFixed(1)} GB`;
  return `${transactions} transactions take ${gigabytes(needed)} of disk; twice that has to be free, and ${gigabytes(freeBytes)} are: ask for fewer with --rows-max`;
}

export async function freeBytesOf(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
