/** Verdict in one process on its embedded adapters, in a data directory that is deleted afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startVerdict } from '../../tools/run/verdict-process.ts';
import { complaintsOf } from './complaints.ts';
import { readyWithinMs } from './peer.ts';
import type { PeerOptions, Rows, RunningPeer } from './peer.ts';

const pageMax = 100;

export async function startStandalone({ env }: PeerOptions): Promise<RunningPeer> {
  const directory = await mkdtemp(join(tmpdir(), 'verdict-bench-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const verdict = await startVerdict({
      env: { VERDICT_DATA_DIR: directory, LOG_LEVEL: 'warn', ...env },
      readyWithinMs,
    });
    return {
      target: { url: verdict.url, decisions: '/events?status=APPROVED,REJECTED' },
      processes: [{ name: 'standalone', pid: verdict.pid }],
      metrics: { standalone: `${verdict.url}/metrics` },
      countRows: () => countPages(verdict.url),
      complaints: () => complaintsOf(verdict),
      [Symbol.asyncDispose]: async () => {
        await verdict.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

type Page = {
  readonly items: readonly { readonly transactionStatus: { readonly name: string } }[];
  readonly next: string | null;
};

/** Nobody else can open the embedded database, so its rows are counted page by page. */
async function countPages(url: string): Promise<Rows> {
  let decided = 0;
  let pending = 0;
  let next: string | null = null;
  do {
    const cursor: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
    const response = await fetch(`${url}/transactions?limit=${pageMax}${cursor}`);
    if (response.status !== 200) throw new Error(`a page was answered ${response.status}: ${await response.text()}`);
    const page: Page = JSON.parse(await response.text());
    for (const { transactionStatus } of page.items) {
      if (transactionStatus.name === 'PENDING') pending += 1;
      else decided += 1;
    }
    ({ next } = page);
  } while (next !== null);
  return { decided, pending };
}
