/** Verdict as one process per role, on real services, in a database and topics of its own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { mainPath, startVerdict } from '../../tools/run/verdict-process.ts';
import { complaintsOf } from './complaints.ts';
import { countSql } from './count-sql.ts';
import { readyWithinMs } from './peer.ts';
import type { PeerOptions, RunningPeer } from './peer.ts';

const roles = ['front-door', 'anti-fraud', 'settlement', 'relay'] as const;

export async function startRoles({ prefix, services, env }: PeerOptions): Promise<RunningPeer> {
  const { env: urls, freshDatabase, processes } = await services();
  const settings = {
    ...{ ...urls, DATABASE_URL: await freshDatabase(prefix) },
    ...{ VERDICT_TOPIC_PREFIX: `${prefix}.`, VERDICT_KEY_PREFIX: `${prefix}:`, LOG_LEVEL: 'warn' },
  };
  await promisify(execFile)(process.execPath, [mainPath, '--role', 'migrate'], {
    env: { ...process.env, ...settings },
    timeout: readyWithinMs,
  });
  await using starting = new AsyncDisposableStack();
  // All are waited for, or one that fails would leave the others to start unseen and to run on beside the next peers.
  const started = await Promise.allSettled(
    roles.map((role) => startVerdict({ role, env: { ...settings, ...env }, readyWithinMs })),
  );
  const verdicts = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  for (const verdict of verdicts) starting.defer(async () => void (await verdict.stop()));
  for (const each of started) if (each.status === 'rejected') throw each.reason;
  const door = verdicts.find(({ role }) => role === 'front-door');
  if (door === undefined) throw new Error('no front door');
  const running = starting.move();
  return {
    target: { url: door.url, decisions: '/events?status=APPROVED,REJECTED' },
    processes: [...verdicts.map(({ role, pid }) => ({ name: role, pid })), ...processes],
    metrics: Object.fromEntries(verdicts.map(({ role, url }) => [role, `${url}/metrics`])),
    countRows: () => countSql(settings.DATABASE_URL),
    complaints: () => verdicts.flatMap(complaintsOf),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
