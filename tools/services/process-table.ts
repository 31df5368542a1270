/** Reads the kernel's process table, so that a recycled pid is never taken for the process that once had it, and a zombie counts as gone. */
import { readFileSync, readdirSync } from 'node:fs';

/** A pid together with the moment, in ticks since boot, at which its process began. */
export type ProcessId = { readonly pid: number; readonly began: string };

type Entry = ProcessId & { readonly parent: number; readonly gone: boolean };

export function identify(pid: number): ProcessId | undefined {
  const entry = read(pid);
  return entry === undefined || entry.gone ? undefined : { pid, began: entry.began };
}

export function isAlive(id: ProcessId): boolean {
  return identify(id.pid)?.began === id.began;
}

/** All that descend from a process, nearest first. */
export function descendants(id: ProcessId): readonly ProcessId[] {
  const entries = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (read(Number(name)) ?? []) : []));
  const found: ProcessId[] = [];
  const parents = [id.pid];
  for (const parent of parents) {
    for (const entry of entries) {
      if (entry.parent !== parent || entry.gone) continue;
      found.push({ pid: entry.pid, began: entry.began });
      parents.push(entry.pid);
    }
  }
  return found;
}

/** Sends a signal; a process that is gone by now is no failure. */
export function signal(id: ProcessId, name: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, name);
  } catch (error) {
    if (isAlive(id)) throw error;
  }
}

function read(pid: number): Entry | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The program's name stands in parentheses and may hold spaces; what follows the last one is separated by blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = 'X', parent = '0'] = fields;
  return { pid, began: fields[19] ?? '', parent: Number(parent), gone: state === 'Z' || state === 'X' };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
