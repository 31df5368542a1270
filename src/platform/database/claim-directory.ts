/**
 * Makes sure that one process at a time works in a directory: two would corrupt the embedded database without a word. A holder that is dead (`kill -9` included) gives way at once.
 * Claims are numbered files, each made whole or not at all; the highest number holds, and numbers only grow, so that of many who see a dead holder exactly one can follow it.
 */
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';

import { Failure } from '../failure.ts';

type Holder = { readonly pid: number; readonly host: string; readonly startedAt: string | null };

const triesMax = 20;

/** Answers with what gives the directory free again; rejects with `data_directory_in_use`. */
export async function claimDirectory(directory: string): Promise<() => Promise<void>> {
  const root = resolve(directory);
  await mkdir(root, { recursive: true });
  const holder: Holder = { pid: process.pid, host: hostname(), startedAt: await startOf(process.pid) };
  for (let attempt = 0; attempt < triesMax; attempt += 1) {
    const last = (await claims(root)).at(-1) ?? 0;
    const current = last === 0 ? undefined : await holderOf(pathOf(root, last));
    if (current !== undefined && (await isAlive(current))) throw inUse(directory, pathOf(root, last), current);
    const mine = last + 1;
    if (!(await create(pathOf(root, mine), JSON.stringify(holder)))) continue;
    const all = await claims(root);
    // Whoever was late made a number that had been used and removed already.
    const late = all.at(-1) !== mine;
    await Promise.all((late ? [mine] : all.slice(0, -1)).map((number) => rm(pathOf(root, number), { force: true })));
    if (!late) return () => giveFree(pathOf(root, mine));
  }
  throw new Failure('data_directory_in_use', `${directory}: others keep claiming it at the same moment; try again`);
}

function pathOf(root: string, number: number): string {
  return join(root, `in-use-by.${number}.json`);
}

/** The numbers of the claims, in order. */
async function claims(root: string): Promise<readonly number[]> {
  const numbers = (await readdir(root)).flatMap((name) => {
    const match = /^in-use-by\.(\d+)\.json$/.exec(name);
    return match === null ? [] : [Number(match[1])];
  });
  return numbers.toSorted((a, b) => a - b);
}

let drafts = 0;

async function create(path: string, text: string): Promise<boolean> {
  const draft = await draftOf(path, text);
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

/** The claim stays, held by nobody: its number must not be used again. */
async function giveFree(path: string): Promise<void> {
  await rename(await draftOf(path, '{}'), path);
}

async function draftOf(path: string, text: string): Promise<string> {
  drafts += 1;
  const draft = `${path}.${process.pid}.${drafts}`;
  await writeFile(draft, text);
  return draft;
}

/** Undefined where nobody holds it: given free, removed meanwhile, or not written by this code. */
async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const { pid, host, startedAt } = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
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
