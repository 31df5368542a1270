/** Runs the commands of a page against a running Verdict and says of each step whether the page told the truth. */
import { randomBytes } from 'node:crypto';

import { isAnswer } from './is-answer.ts';
import type { Step } from './read-transcript.ts';
import { Shell } from './shell.ts';

export type Where = {
  /** Stands in the place of the address that the page names. */
  readonly url: string;
  /** For what runs beside; another front door shows that it does not matter which. */
  readonly besideUrl?: string;
};

export type StepResult = { readonly step: Step; readonly right: boolean; readonly written: string };

const pageUrl = 'http://127.0.0.1:3000';
/** Idempotency keys of the page begin with it: each run has keys of its own. */
const pageKeys = 'readme-';
const besideMs = 15_000;

type Beside = { readonly step: Step; readonly job: ReturnType<typeof Shell.beside> };

export async function runTranscript(
  steps: readonly Step[],
  { url, besideUrl = url }: Where,
): Promise<readonly StepResult[]> {
  const keys = `${pageKeys}${randomBytes(6).toString('hex')}-`;
  const at = (address: string, { commands }: Step): string =>
    commands.replaceAll(pageUrl, address).replaceAll(pageKeys, keys);
  const besides: Beside[] = [];
  const results: StepResult[] = [];
  await using shell = new Shell();
  try {
    for (const step of steps) {
      if (step.beside) {
        const job = Shell.beside(at(besideUrl, step));
        besides.push({ step, job });
        await until(() => job.written() !== '');
      } else {
        const written = await shell.run(at(url, step));
        results.push({ step, written, right: isRight(step, written) });
      }
    }
    for (const { step, job } of besides) {
      await until(() => isRight(step, job.written()));
      results.push({ step, written: job.written(), right: isRight(step, job.written()) });
    }
  } finally {
    for (const { job } of besides) job.stop();
  }
  return results;
}

function isRight({ answer }: Step, written: string): boolean {
  return isAnswer(answer ?? '', written);
}

/** Or until it has taken too long; whoever asked looks again. */
async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + besideMs;
  while (!condition() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}
