/** Verdict as one process per role, or several, on real services, in a database and topics of its own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { mainPath, startVerdict } from '../../tools/run/verdict-process.ts';
import { complaintsOf } from './complaints.ts';
import { countSql } from './count-sql.ts';
import { readyWithinMs } from './peer.ts';
import type { PeerOptions, RunningPeer } from './peer.ts';

const roles = ['front-door', 'anti-fraud', 'settlement', 'relay'] as const;

export type RolesOptions = PeerOptions & {
  /** Processes of each role. */
  readonly replicas?: number;
  /** With the URL of the database, when it has its schema and nobody works on it yet. */
  readonly prepare?: (databaseUrl: string) => Promise<void>;
};

export async function startRoles(options: RolesOptions): Promise<RunningPeer> {
  const { prefix, services, env, replicas = 1, prepare } = options;
  const { env: urls, freshDatabase, processes } = await services();
  const settings = {
    ...{ ...urls, DATABASE_URL: await freshDatabase(prefix) },
    ...{ VERDICT_TOPIC_PREFIX: `${prefix}.`, VERDICT_KEY_PREFIX: `${prefix}:`, LOG_LEVEL: 'warn' },
  };
  await promisify(execFile)(process.execPath, [mainPath, '--role', 'migrate'], {
    env: { ...process.env, ...settings },
    timeout: readyWithinMs,
  });
  await prepare?.(settings.DATABASE_URL);
  await using starting = new AsyncDisposableStack();
  const wanted = Array.from({ length: replicas }, (_, index) =>
    roles.map((role) => ({ role, name: index === 0 ? role : `${role}-${index + 1}` })),
  ).flat();
  // All are waited for, or one that fails would leave the others to start unseen and to run on beside the next peers.
  const started = await Promise.allSettled(
    wanted.map(({ role }) => startVerdict({ role, env: { ...settings, ...env }, readyWithinMs })),
  );
  const verdicts = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  for (const verdict of verdicts) starting.defer(async () => void (await verdict.stop()));
  for (const each of started) if (each.status === 'rejected') throw each.reason;
  const [door, ...otherDoors] = verdicts.filter(({ role }) => role === 'front-door');
  if (door === undefined) throw new Error('no front door');
  // None was rejected, so they stand in the order in which they were wanted.
  const named = verdicts.map((verdict, index) => ({ verdict, name: wanted[index]?.name ?? verdict.role }));
  const running = starting.move();
  return {
    target: {
      ...{ url: door.url, others: otherDoors.map(({ url }) => url) },
      decisions: '/events?status=APPROVED,REJECTED',
    },
    processes: [...named.map(({ name, verdict }) => ({ name, pid: verdict.pid })), ...processes],
    metrics: Object.fromEntries(named.map(({ name, verdict }) => [name, `${verdict.url}/metrics`])),
    countRows: () => countSql(settings.DATABASE_URL),
    complaints: () => verdicts.flatMap(complaintsOf),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
