/** Verdict as one process per role, on real services, in a database and topics of its own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { mainPath, startVerdict } from '../../tools/run/verdict-process.ts';
import { complaintsOf } from './complaints.ts';
import { countSql } from './count-sql.ts';
import type { PeerOptions, RunningPeer } from './peer.ts';

const roles = ['front-door', 'anti-fraud', 'settlement', 'relay'] as const;
const migrateMaxMs = 30_000;

export async function startRoles({ prefix, services, env }: PeerOptions): Promise<RunningPeer> {
  const { env: urls, freshDatabase, processes } = await services();
  const settings = {
    ...{ ...urls, DATABASE_URL: await freshDatabase(prefix) },
    ...{ VERDICT_TOPIC_PREFIX: `${prefix}.`, VERDICT_KEY_PREFIX: `${prefix}:`, LOG_LEVEL: 'warn' },
  };
  await promisify(execFile)(process.execPath, [mainPath, '--role', 'migrate'], {
    env: { ...process.env, ...settings },
    timeout: migrateMaxMs,
  });
  await using starting = new AsyncDisposableStack();
  const verdicts = await Promise.all(
    roles.map(async (role) => {
      const verdict = await startVerdict({ role, env: { ...settings, ...env } });
      starting.defer(async () => void (await verdict.stop()));
      return verdict;
    }),
  );
  const door = verdicts.find(({ role }) => role === 'front-door');
  if (door === undefined) throw new Error('no front door');
  const running = starting.move();
  return {
    target: { url: door.url, decisions: '/events?status=APPROVED,REJECTED' },
    processes: [...verdicts.map(({ role, pid }) => ({ name: role, pid })), ...processes],
    countRows: () => countSql(settings.DATABASE_URL),
    complaints: () => verdicts.flatMap(complaintsOf),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
