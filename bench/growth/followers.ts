/** Who follows beside the load: of 500, 449 watch one account each, as an open app does, 50 a transaction that was decided long ago, as a page left open does, and one all rejections, as a back office does. */
import { randomUUID } from 'node:crypto';

import { Crowd } from '../../chaos/limits/followers/crowd.ts';
import { accountAt } from '../load/requests.ts';

const turn = 500;

export function followedPaths(): readonly string[] {
  return Array.from({ length: turn }, (_, index) => {
    if (index === 0) return '/events?status=REJECTED';
    return index % 10 === 0 || index === 1
      ? `/events?transactionId=${randomUUID()}`
      : `/events?account=${accountAt(index * 13)}`;
  });
}

/** The load follows as well. */
export function seatsFor(count: number): Readonly<Record<string, string>> {
  const seats = String(count + 10);
  return { VERDICT_SSE_CLIENTS_MAX: seats, VERDICT_SSE_CLIENTS_PER_CLIENT_MAX: seats };
}

export function openFollowers(url: string, count: number): Promise<Crowd> {
  return Crowd.open({ url, count, paths: followedPaths() });
}
