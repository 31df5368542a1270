/** Starts Verdict's roles as one step of an axis wants them, with what the step needs around them. */
import { lowestId } from '../../src/persistence/sql/list.ts';
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

type Loaded = Pick<RunningStep, 'oldIds' | 'seedMs'> & {
  /** Whatever the load opens has a greater one. Undefined where nothing was loaded. */
  readonly youngerThanId: string | undefined;
};

export async function startStep(stand: Stand, step: Step): Promise<RunningStep> {
  await using starting = new AsyncDisposableStack();
  let databaseUrl = '';
  let loaded: Loaded = { oldIds: [], seedMs: 0, youngerThanId: undefined };
  const prepare = async (url: string): Promise<void> => {
    databaseUrl = url;
    if (step.axis === 'rows') loaded = await fill(url, step.size);
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
    ...{ databaseUrl, oldIds: loaded.oldIds, seedMs: loaded.seedMs },
    peer: {
      ...peer,
      processes: [
        ...peer.processes,
        ...(followers?.pids ?? []).map((pid, index) => ({ name: `followers-${index + 1}`, pid })),
      ],
      countRows: () => countSql(databaseUrl, loaded.youngerThanId),
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

async function fill(url: string, total: number): Promise<Loaded> {
  const startedAt = performance.now();
  const nowMs = Date.now();
  await using first = await openDatabase(url);
  await using second = await openDatabase(url);
  const seeded = await seed([first.ask, second.ask], { total, nowMs });
  const numbers = Array.from({ length: Math.min(oldIdsMax, total) }, () => Math.floor(Math.random() * total));
  const oldIds = await idsOf(first.ask, seeded, numbers);
  const seedMs = performance.now() - startedAt;
  console.log(`           ${total} transactions loaded in ${(seedMs / 1_000).toFixed(1)} s`);
  return { oldIds, seedMs, youngerThanId: lowestId(nowMs) };
}
