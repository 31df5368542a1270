/**
 * Makes sure that one process at a time works in a directory: two would corrupt the embedded database without a word.
 * The claim is a file that names its holder; a holder that is dead (`kill -9` included) gives way at once.
 */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';

import { Failure } from '../failure.ts';

const fileName = 'in-use-by.json';

type Holder = { readonly pid: number; readonly host: string; readonly startedAt: string | null };

/** Answers with what gives the directory free again; rejects with `data_directory_in_use`. */
export async function claimDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(resolve(directory), fileName);
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), startedAt: await startOf(process.pid) });
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (await create(path, mine)) return () => rm(path, { force: true });
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const holder = parse(text);
    if (holder !== undefined && (await isAlive(holder))) throw inUse(directory, path, holder);
    await removeStale(path, text);
  }
  throw new Failure('data_directory_in_use', `${directory}: others keep claiming it at the same moment; try again`);
}

/** Whole or not at all: a reader never sees half a claim. */
async function create(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Another process may have removed the stale claim and made its own since it was read: what was taken away wrongly is put back. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== stale) await link(aside, path);
  } catch {
    return;
  } finally {
    await rm(aside, { force: true });
  }
}

function parse(text: string): Holder | undefined {
  try {
    const { pid, host, startedAt } = JSON.parse(text) as Partial<Holder>;
    return pid === undefined ? undefined : { pid, host: host ?? '', startedAt: startedAt ?? null };
  } catch {
    return undefined;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  // Nobody can look into another host's processes.
  if (holder.host !== hostname()) return true;
  if (holder.pid === 0 || holder.pid === process.pid)
    return holder.pid !== 0 && holder.startedAt === (await startOf(process.pid));
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const startedAt = await startOf(holder.pid);
  return holder.startedAt === null || startedAt === null || holder.startedAt === startedAt;
}

/** When a process started, in ticks since boot (field 22 of proc(5) stat): its id alone may have been given to another one since. null where there is no /proc. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function inUse(directory: string, path: string, { pid, host }: Holder): Failure {
  const who = host === hostname() ? `process ${pid}` : `process ${pid} on host ${host}`;
  return new Failure(
    'data_directory_in_use',
    `${directory} is in use by ${who}. Stop it, or start this one elsewhere (--data-dir or VERDICT_DATA_DIR). ` +
      `If you are sure that no such process runs any more, delete ${path}.`,
  );
}
