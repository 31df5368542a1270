/** Notices that a log is not the one it was: another cluster answers, or an end went backwards. Offsets that were remembered mean nothing then. */
import type { Range } from './kafka-admin.ts';

export type Sight = { readonly clusterId: string; readonly ranges: ReadonlyMap<number, Range> };

export class KafkaWipes {
  #last: Sight | undefined;

  /** True where the log was wiped since the last look. */
  look(sight: Sight): boolean {
    const last = this.#last;
    this.#last = sight;
    if (last === undefined) return false;
    if (last.clusterId !== sight.clusterId) return true;
    return [...last.ranges].some(([partition, { high }]) => (sight.ranges.get(partition)?.high ?? 0n) < high);
  }
}
