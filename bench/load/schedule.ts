/** When the requests of an open loop are due: independent of each other, as the requests of many callers are (a Poisson process), and the same for every peer that is asked at that rate. */

/** Milliseconds from the beginning, in order. */
export function schedule(ratePerSecond: number, seconds: number): readonly number[] {
  const random = randomFrom(ratePerSecond);
  const due: number[] = [];
  const endMs = seconds * 1000;
  const meanMs = 1000 / ratePerSecond;
  for (let at = gap(random, meanMs); at < endMs; at += gap(random, meanMs)) due.push(at);
  return due;
}

function gap(random: () => number, meanMs: number): number {
  return -Math.log(1 - random()) * meanMs;
}

/** Numbers in [0, 1) that only depend on the seed (a linear congruence modulo 2^32 with a scrambled output). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
  };
}
