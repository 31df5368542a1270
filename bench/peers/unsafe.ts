/** What speed costs nothing but safety comes to: one process, on a database of its own. */
import type { PeerOptions, RunningPeer } from './peer.ts';
import { startPrograms } from './programs.ts';

export function startUnsafe(options: PeerOptions): Promise<RunningPeer> {
  return startPrograms(
    {
      programs: { transactions: new URL('../unsafe/transactions.ts', import.meta.url) },
      env: () => ({}),
      uses: ['postgres'],
    },
    options,
  );
}
