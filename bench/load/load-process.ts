/** The load generator, in a process of its own, so that neither its event loop nor its memory blurs what it measures. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { LoadReply, LoadRequest, Phase, PhaseResult, Target } from './protocol.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
/** Past its drain a phase has nothing more to wait for. */
const marginMs = 15_000;

export class LoadProcess implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(target: Target): Promise<LoadProcess> {
    const load = new LoadProcess(fork(program));
    try {
      await load.#ask({ type: 'connect', target }, marginMs);
    } catch (error) {
      load.#child.kill('SIGKILL');
      throw error;
    }
    return load;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async phase(phase: Phase, drainMaxMs: number): Promise<PhaseResult> {
    const limitMs = phase.seconds * 1000 + 2 * drainMaxMs + marginMs;
    const reply = await this.#ask({ type: 'phase', phase, drainMaxMs }, limitMs);
    if (reply.type !== 'result') throw new Error(`the load answered ${reply.type}`);
    return reply.result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.send({ type: 'close' } satisfies LoadRequest);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
  }

  async #ask(request: LoadRequest, limitMs: number): Promise<LoadReply> {
    const signal = AbortSignal.timeout(limitMs);
    const over = new AbortController();
    const ended = once(this.#child, 'exit', { signal: over.signal }).then(() => {
      throw new Error('the load generator ended');
    });
    ended.catch(() => undefined);
    try {
      const replied: Promise<LoadReply[]> = once(this.#child, 'message', { signal });
      this.#child.send(request);
      const [reply] = await Promise.race([replied, ended]);
      if (reply === undefined || reply.type === 'failed') throw new Error(reply?.message ?? 'the load said nothing');
      return reply;
    } finally {
      over.abort();
    }
  }
}
