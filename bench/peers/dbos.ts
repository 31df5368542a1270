/** Durable execution: one process, on a database of its own. */
import type { PeerOptions, RunningPeer } from './peer.ts';
import { startPrograms } from './programs.ts';

export function startDbos(options: PeerOptions): Promise<RunningPeer> {
  return startPrograms(
    {
      programs: { transactions: new URL('../dbos/transactions.ts', import.meta.url) },
      env: () => ({}),
      uses: ['postgres'],
    },
    options,
  );
}
