/** A small Node program beside the bench: says its port when it is ready, and ends when the channel to it closes. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { heapFlags } from '../../tools/run/verdict-process.ts';
import { readyWithinMs } from './peer.ts';

export type NodeChild = AsyncDisposable & { readonly pid: number; readonly port: number };

/** The same young generation as Verdict's processes have; and what libraries do that Node warns of is theirs. */
const execArgv = [...heapFlags, '--no-warnings'];

export async function startNodeChild(program: URL, env: Readonly<Record<string, string>> = {}): Promise<NodeChild> {
  const child = fork(fileURLToPath(program), { env: { ...process.env, ...env }, execArgv });
  const exited = once(child, 'exit');
  const early = exited.then(() => {
    throw new Error(`${program.pathname} ended before it was ready`);
  });
  early.catch(() => undefined);
  const ready: Promise<{ port: number }[]> = once(child, 'message', { signal: AbortSignal.timeout(readyWithinMs) });
  try {
    const [message] = await Promise.race([ready, early]);
    return {
      pid: child.pid ?? 0,
      port: message?.port ?? 0,
      [Symbol.asyncDispose]: async () => {
        if (child.connected) child.disconnect();
        await exited;
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}
