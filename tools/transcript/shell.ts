/** One bash for many steps, so that what one of them names the next can use. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';

const stepLimitMs = 30_000;

export class Shell implements AsyncDisposable {
  readonly #bash: ChildProcessWithoutNullStreams = spawn('bash', ['-s']);
  #output = '';

  constructor() {
    this.#bash.stdout.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    this.#bash.stderr.resume();
  }

  /** Resolves to what the commands wrote, the complaints included. */
  async run(commands: string): Promise<string> {
    const end = `end-${randomUUID()}`;
    this.#bash.stdin.write(`{ ${commands}\n} 2>&1\nprintf '%s' ${end}\n`);
    const began = performance.now();
    while (!this.#output.endsWith(end)) {
      const leftMs = stepLimitMs - (performance.now() - began);
      if (leftMs <= 0) throw new Error(`no end within ${stepLimitMs} ms, so far:\n${this.#output}`);
      if (this.#bash.exitCode !== null) throw new Error(`the shell ended:\n${this.#output}`);
      await once(this.#bash.stdout, 'data', { signal: AbortSignal.timeout(Math.ceil(leftMs)) }).catch(() => undefined);
    }
    const written = this.#output.slice(0, -end.length);
    this.#output = '';
    return written;
  }

  /** Starts the commands as a job and returns what they have written so far whenever it is asked. */
  static beside(commands: string): { readonly written: () => string; readonly stop: () => void } {
    const bash = spawn('bash', ['-c', commands], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let written = '';
    for (const stream of [bash.stdout, bash.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (written += text));
    return { written: () => written, stop: () => void (bash.pid !== undefined && process.kill(-bash.pid, 'SIGKILL')) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#bash.exitCode !== null) return;
    this.#bash.stdin.end();
    this.#bash.kill('SIGKILL');
    await once(this.#bash, 'close');
  }
}
