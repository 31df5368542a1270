/** Heats the broker before anything counts: its compiler moves results by a quarter, and whoever came first would pay for it. */
import { LoadProcess } from '../load/load-process.ts';
import type { PeerName } from '../peers/peer.ts';
import { starters } from '../peers/starters.ts';
import type { Stand } from '../run-sitting.ts';

const usualPeers = ['textbook', 'roles'] as const satisfies readonly PeerName[];
const connections = 64;
const drainMaxMs = 60_000;

export async function warmBroker(
  stand: Stand,
  secondsEach: number,
  peers: readonly PeerName[] = usualPeers,
): Promise<void> {
  for (const peer of peers) {
    await using running = await starters[peer]({
      prefix: stand.nextPrefix(peer),
      services: () => stand.services.get(),
      env: {},
    });
    await using load = await LoadProcess.start(running.target);
    const { accepted } = await load.phase({ type: 'closed', connections, seconds: secondsEach }, drainMaxMs);
    console.log(`warmed     ${peer.padEnd(19)} ${accepted} transactions that do not count`);
  }
}
