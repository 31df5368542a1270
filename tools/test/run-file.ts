/** Runs one test file as a process group of its own, within a time limit; what the file started and left behind in the group is ended with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tally } from './tally.ts';
import type { Tally } from './tally.ts';

export type FileRun = {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limitMs: number;
  /** Ends the file's processes at once. */
  readonly abort: AbortSignal;
};

export type FileResult = Tally & { readonly file: string; readonly output: string; readonly seconds: number };

export async function runFile({ file, env, limitMs, abort }: FileRun): Promise<FileResult> {
  const began = performance.now();
  const child = spawn(process.execPath, [file], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const endGroup = (): void => killGroup(child.pid);
  let output = '';
  let tooLong = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const limit = setTimeout(() => {
    tooLong = true;
    endGroup();
  }, limitMs);
  abort.addEventListener('abort', endGroup);
  child.once('exit', endGroup);
  await once(child, 'close');
  clearTimeout(limit);
  abort.removeEventListener('abort', endGroup);
  const ending = tooLong ? `took longer than ${limitMs / 1_000} s` : (child.exitCode ?? `ended by ${child.signalCode}`);
  return { ...tally(output, ending), file, output, seconds: (performance.now() - began) / 1_000 };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
