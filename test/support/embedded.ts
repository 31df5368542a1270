/** An embedded Verdict in a directory of its own, which is killed and removed when the test is over, however it ends. */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { startVerdict } from '../../tools/run/verdict-process.ts';
import type { VerdictOptions, VerdictProcess } from '../../tools/run/verdict-process.ts';
import { copyFirstHome, startLimitMs } from './first-home.ts';

/** Starts processes on one data directory; the ones that are left are killed. */
export type Home = {
  readonly directory: string;
  readonly start: (options?: VerdictOptions) => Promise<VerdictProcess>;
};

/** A home where a Verdict has been before. */
export async function withHome(work: (home: Home) => Promise<void>): Promise<void> {
  await withEmptyHome(async (home) => {
    await copyFirstHome(home.directory);
    await work(home);
  });
}

export async function withEmptyHome(work: (home: Home) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'verdict-flow-'));
  const started: VerdictProcess[] = [];
  const start: Home['start'] = async (options = {}) => {
    const env = { VERDICT_DATA_DIR: directory, ...options.env };
    const verdict = await startVerdict({ readyWithinMs: startLimitMs, ...options, env });
    started.push(verdict);
    return verdict;
  };
  try {
    await work({ directory, start });
  } finally {
    await Promise.all(started.map((each) => each.stop('SIGKILL')));
    await rm(directory, { recursive: true, force: true });
  }
}

/** What a start may take here and now: twice the promise, which is for a machine that does nothing else, and more on a machine that has more to do than it can. */
export function startMaxMs(promisedMs: number): number {
  const [load = 0] = loadavg();
  return 2 * promisedMs * Math.max(1, load / availableParallelism());
}

export async function withVerdict(
  options: VerdictOptions,
  work: (verdict: VerdictProcess) => Promise<void>,
): Promise<void> {
  await withHome(async ({ start }) => work(await start(options)));
}
