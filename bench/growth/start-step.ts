/** Starts Verdict's roles as one step of an axis wants them, with what the step needs around them. */
import { countSql } from '../peers/count-sql.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { startRoles } from '../peers/roles.ts';
import type { RolesOptions } from '../peers/roles.ts';
import type { Stand } from '../run-sitting.ts';
import type { Step } from './axes.ts';
import { openDatabase } from './database.ts';
import { openFollowers, seatsFor } from './followers.ts';
import { rulesDirectory } from './rulesets.ts';
import { idsOf, seed } from './seed.ts';

export type RunningStep = AsyncDisposable & {
  readonly peer: RunningPeer;
  readonly databaseUrl: string;
  /** Of transactions that were loaded beforehand, from anywhere among them. */
  readonly oldIds: readonly string[];
  /** How long the loading took. */
  readonly seedMs: number;
};

const oldIdsMax = 1_000;

export async function startStep(stand: Stand, step: Step): Promise<RunningStep> {
  await using starting = new AsyncDisposableStack();
  let databaseUrl = '';
  let oldIds: readonly string[] = [];
  let seedMs = 0;
  let firstId: string | undefined;
  const prepare = async (url: string): Promise<void> => {
    databaseUrl = url;
    if (step.axis !== 'rows') return;
    const startedAt = performance.now();
    const nowMs = Date.now();
    oldIds = await fill(url, step.size, nowMs);
    seedMs = performance.now() - startedAt;
    firstId = `${nowMs
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-0000-0000-000000000000`;
    console.log(`           ${step.size} transactions loaded in ${(seedMs / 1_000).toFixed(1)} s`);
  };
  const peer = starting.use(
    await startRoles({
      ...{ prefix: stand.nextPrefix('roles'), services: () => stand.services.get(), prepare },
      ...(await settingsOf(step, stand.env, starting)),
    }),
  );
  const followers =
    step.axis === 'clients' && step.size > 0 ? await openFollowers(peer.target.url, step.size) : undefined;
  if (followers !== undefined) starting.use(followers);
  const running = starting.move();
  return {
    ...{ databaseUrl, oldIds, seedMs },
    peer: {
      ...peer,
      processes: [
        ...peer.processes,
        ...(followers?.pids ?? []).map((pid, index) => ({ name: `followers-${index + 1}`, pid })),
      ],
      countRows: () => countSql(databaseUrl, firstId),
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function settingsOf(
  { axis, size }: Step,
  env: Stand['env'],
  starting: AsyncDisposableStack,
): Promise<Pick<RolesOptions, 'env' | 'replicas'>> {
  switch (axis) {
    case 'rows':
      return { env };
    case 'processes':
      return { env, replicas: size };
    case 'partitions':
      return { env: { ...env, VERDICT_TOPIC_PARTITIONS: String(size) } };
    case 'clients':
      return { env: { ...env, ...seatsFor(size) } };
    case 'rules': {
      const { directory } = starting.use(await rulesDirectory(size));
      return { env: { ...env, VERDICT_RULES_DIRECTORY: directory } };
    }
  }
}

async function fill(url: string, total: number, nowMs: number): Promise<readonly string[]> {
  await using first = await openDatabase(url);
  await using second = await openDatabase(url);
  const seeded = await seed([first.ask, second.ask], { total, nowMs });
  const numbers = Array.from({ length: Math.min(oldIdsMax, total) }, () => Math.floor(Math.random() * total));
  return idsOf(first.ask, seeded, numbers);
}
