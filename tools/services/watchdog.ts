/** Takes a set of services down when the process that they were started for is gone, however it ended. Run as `watchdog.ts <directory> <pid>`. */
import { setInterval } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Background } from './background.ts';
import { identify, isAlive } from './process-table.ts';
import { ServiceSet, watchdogName } from './service-set.ts';

const lookEveryMs = 250;

export async function startWatchdog(set: ServiceSet, pid: number): Promise<void> {
  const watchdog = new Background(set.directory, watchdogName);
  await watchdog.kill();
  const args = [fileURLToPath(import.meta.url), set.directory, String(pid)];
  await watchdog.start({ program: process.execPath, args, cwd: set.directory });
}

async function watch(directory: string, pid: number): Promise<void> {
  const owner = identify(pid);
  for await (const _ of setInterval(lookEveryMs)) if (owner === undefined || !isAlive(owner)) break;
  const set = await ServiceSet.open(directory);
  await set?.down();
}

const [, , directory, pid] = process.argv;
if (import.meta.main && directory !== undefined) await watch(directory, Number(pid));
