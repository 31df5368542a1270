/** A job queue's solution: two processes, on a database of their own and keys of their own in Redis. */
import type { PeerOptions, RunningPeer } from './peer.ts';
import { startPrograms } from './programs.ts';

export function startBullmq(options: PeerOptions): Promise<RunningPeer> {
  return startPrograms(
    {
      programs: {
        transactions: new URL('../bullmq/transactions.ts', import.meta.url),
        worker: new URL('../bullmq/worker.ts', import.meta.url),
      },
      env: (prefix, { REDIS_URL }) => ({ REDIS_URL, BULLMQ_PREFIX: prefix }),
      uses: ['redis', 'postgres'],
    },
    options,
  );
}
