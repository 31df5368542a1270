/** Chance and ids of one process, from the seed. */
import type { Entropy } from '../../src/platform/entropy.ts';
import type { Random } from '../kernel/random.ts';

export function simulatedEntropy(random: Random): Entropy {
  return { uuid: (nowMs) => uuid(random, nowMs), fraction: () => random.fraction() };
}

/** Version 7 of RFC 9562. */
export function uuid(random: Random, nowMs: number): string {
  const time = Math.floor(nowMs).toString(16).padStart(12, '0');
  const word = (): string => random.word().toString(16).padStart(8, '0');
  const [first, second, third] = [word(), word(), word()];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${first.slice(1, 4)}-8${first.slice(5)}-${second}${third.slice(0, 4)}`;
}
