/** The configuration of simulated processes: the one that is shipped, with small bounds, so that they are met, and a slow pulse, so that a run has few events. */
import { readFileSync } from 'node:fs';

import type { Config } from '../../src/roles/config/schema.ts';

export type ConfigChoices = { readonly decideWithinMs: number; readonly ringMax: number; readonly announceMax: number };

let shipped: Config | undefined;

export function simulatedConfig({ decideWithinMs, ringMax, announceMax }: ConfigChoices): Config {
  shipped ??= readShipped();
  return {
    ...shipped,
    batching: { paceMs: 2, batchMax: 4, waitingMax: 40 },
    actors: { directoryMax: 12, mailboxMax: 16, idleMs: 4_000 },
    announce: { queueMax: announceMax },
    resend: { afterMs: 1_000, everyMs: 700, jitterMs: 200, batchMax: 3, stragglersMax: 8 },
    expire: { decideWithinMs, policy: 'REJECTED' },
    relay: { batchMax: 4, everyMs: 500, refillMs: 600_000 },
    statusFeed: { ringMax, pollMs: 1_500 },
    sse: { ...shipped.sse, heartbeatMs: 3_000, retryMs: 200, stalledMs: 2_000 },
    keyStore: { ...shipped.keyStore, claimTtlMs: 2_000, idempotencyTtlMs: 20_000 },
    shutdown: { graceMs: 600 },
  };
}

function readShipped(): Config {
  const text = readFileSync(new URL('../../config/default.json', import.meta.url), 'utf8');
  const config: Config = JSON.parse(text);
  return config;
}
