/** A program of the limits in a process of its own, so that neither its event loop nor its memory is taken for the server's: asked over its channel, one question at a time, gone when that closes. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

type Reply<Answer> = { readonly answer: Answer } | { readonly failed: string };

const endLimitMs = 5_000;

export class Child implements AsyncDisposable {
  readonly #child: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor(program: URL) {
    this.#child = fork(fileURLToPath(program));
    this.#child.on('error', () => undefined); // whoever asks hears of it
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Questions wait for the answers to those before them. */
  ask<Answer>(question: object, limitMs: number): Promise<Answer> {
    const asked = this.#last.then(() => this.#ask<Answer>(question, limitMs));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  async #ask<Answer>(question: object, limitMs: number): Promise<Answer> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(limitMs)]);
    const ended = once(this.#child, 'exit', { signal: over.signal }).then(() => {
      throw new Error('the process that was asked has ended');
    });
    ended.catch(() => undefined);
    try {
      const replied: Promise<Reply<Answer>[]> = once(this.#child, 'message', { signal });
      this.#child.send(question);
      const [reply] = await Promise.race([replied, ended]);
      if (reply === undefined || 'failed' in reply) throw new Error(reply?.failed ?? 'there was no reply');
      return reply.answer;
    } finally {
      over.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), endLimitMs);
    await ended;
    clearTimeout(timer);
  }
}

export type Answers<Question> = (question: Question) => Promise<unknown>;

/** In the child: answers each question, for as long as there is somebody to ask. */
export function answerQuestions<Question>(answers: Answers<Question>): void {
  process.on('message', (question: Question) => {
    const told = (reply: object): void => void (process.connected && process.send?.(reply));
    answers(question)
      .then((answer) => told({ answer: answer ?? null }))
      .catch((error: unknown) => told({ failed: error instanceof Error ? error.stack : String(error) }));
  });
  process.on('disconnect', () => process.exit());
}
