/** Verdict in one process on real services, in a database and topics of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startVerdict } from '../../tools/run/verdict-process.ts';
import { complaintsOf } from './complaints.ts';
import { countSql } from './count-sql.ts';
import { readyWithinMs } from './peer.ts';
import type { PeerOptions, RunningPeer } from './peer.ts';

export async function startStandaloneServices({ prefix, services, env }: PeerOptions): Promise<RunningPeer> {
  const { env: urls, freshDatabase, processes } = await services();
  await using starting = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'verdict-bench-'));
  starting.defer(() => rm(directory, { recursive: true, force: true }));
  const settings = {
    ...{ ...urls, DATABASE_URL: await freshDatabase(prefix), VERDICT_DATA_DIR: directory },
    ...{ VERDICT_TOPIC_PREFIX: `${prefix}.`, VERDICT_KEY_PREFIX: `${prefix}:`, LOG_LEVEL: 'warn' },
  };
  const verdict = await startVerdict({ env: { ...settings, ...env }, readyWithinMs });
  starting.defer(async () => void (await verdict.stop()));
  const running = starting.move();
  return {
    target: { url: verdict.url, decisions: '/events?status=APPROVED,REJECTED' },
    processes: [{ name: 'standalone', pid: verdict.pid }, ...processes],
    metrics: { standalone: `${verdict.url}/metrics` },
    countRows: () => countSql(settings.DATABASE_URL),
    complaints: () => complaintsOf(verdict),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
