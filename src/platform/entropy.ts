/** The only source of chance: ids and jitter come from here, so that a seed can replay them. */
import { randomFillSync } from 'node:crypto';

import { v7 } from 'uuid';

export interface Entropy {
  /** A UUID of version 7 (RFC 9562): its first 48 bits are `nowMs`, so ids sort by the time they were made. */
  uuid(nowMs: number): string;
  /** A number in [0, 1). */
  fraction(): number;
}

export const systemEntropy: Entropy = {
  uuid: (nowMs) => v7({ msecs: nowMs, random: randomBytes16() }),
  fraction: () => Math.random(),
};

const pool = new Uint8Array(16 * 256);
let used = pool.length;

/** One call of the operating system serves 256 ids: filling 16 bytes each time cost more than the rest of the id. */
function randomBytes16(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return pool.subarray(used - 16, used);
}
