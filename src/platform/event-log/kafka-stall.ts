/** Tells when a member has made no progress for too long although its partitions hold records that it could commit. */
import type { Offsets } from './event-log.ts';
import type { Range } from './kafka-admin.ts';

export type Progress = {
  readonly atMs: number;
  readonly assigned: readonly number[];
  readonly ranges: ReadonlyMap<number, Range>;
  readonly committed: Offsets;
  /** A batch in hand is progress, however long it takes: outages are waited out there. */
  readonly inHand: boolean;
};

export class KafkaStall {
  readonly #limitMs: number;
  readonly #since = new Map<number, { readonly committed: bigint; readonly atMs: number }>();

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** The partition that has stood still for the limit, if there is one. */
  look({ atMs, assigned, ranges, committed, inHand }: Progress): number | undefined {
    for (const partition of this.#since.keys()) if (!assigned.includes(partition)) this.#since.delete(partition);
    for (const partition of assigned) {
      const range = ranges.get(partition);
      const offset = committed.get(partition) ?? -1n;
      const lag = range === undefined ? 0n : range.high - (offset > range.low ? offset : range.low);
      const since = this.#since.get(partition);
      if (lag <= 0n || inHand || since === undefined || since.committed !== offset) {
        this.#since.set(partition, { committed: offset, atMs });
      } else if (atMs - since.atMs >= this.#limitMs) return partition;
    }
    return undefined;
  }
}
