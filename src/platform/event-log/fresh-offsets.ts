/**
 * From which offset on the records of each partition are handed to the group for the first time, as far as this member can know. What lay in the log when it got the partition
 * may have been in the hands of the owner before, and a batch that was rejected has been in its own.
 */
export type FetchedBatch = {
  readonly partition: number;
  /** Where the log ended when it was fetched: the offset of the record after the last. */
  readonly highWatermark: string;
  readonly lastOffset: () => string;
};

export class FreshOffsets {
  readonly #from = new Map<number, bigint>();

  /** Another assignment: nothing is known any more. */
  renew(): void {
    this.#from.clear();
  }

  from({ partition, highWatermark }: Omit<FetchedBatch, 'lastOffset'>): bigint {
    const known = this.#from.get(partition);
    if (known !== undefined) return known;
    const end = BigInt(highWatermark);
    this.#from.set(partition, end);
    return end;
  }

  /** These will come again. */
  handedOut({ partition, lastOffset }: Omit<FetchedBatch, 'highWatermark'>): void {
    const after = BigInt(lastOffset()) + 1n;
    const known = this.#from.get(partition);
    if (known === undefined || known < after) this.#from.set(partition, after);
  }
}
