/**
 * `node tools/transcript.ts [url]`: runs the commands of the README against a running Verdict and compares every answer with the one beside it.
 * Without a URL it starts real services and one process per role, two of those that may be many, posts at one front door and follows at the other.
 */
import { readFile } from 'node:fs/promises';

import { startVerdict, runVerdict } from './run/verdict-process.ts';
import type { VerdictProcess } from './run/verdict-process.ts';
import { startServices } from './services/start-services.ts';
import { readTranscript } from './transcript/read-transcript.ts';
import type { Where } from './transcript/run-transcript.ts';
import { runTranscript } from './transcript/run-transcript.ts';

const roles = ['front-door', 'front-door', 'relay', 'anti-fraud', 'anti-fraud', 'settlement', 'settlement'] as const;

async function tell(where: Where): Promise<void> {
  const page = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const results = await runTranscript(readTranscript(page), where);
  for (const { step, written } of results.filter(({ right }) => !right)) {
    console.log(`✘ README.md:${step.line}\n${step.commands}\n--- says\n${step.answer ?? ''}\n--- was\n${written}`);
  }
  const failed = results.filter(({ right }) => !right).length;
  console.log(`${results.length - failed} passed, ${failed + (results.length === 0 ? 1 : 0)} failed`);
  process.exitCode = failed > 0 || results.length === 0 ? 1 : 0;
}

async function onePerRole(): Promise<void> {
  await using services = await startServices();
  const env = { ...services.env };
  await runVerdict({ role: 'migrate', env });
  const started = await Promise.allSettled(roles.map((role) => startVerdict({ role, env })));
  const processes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    const [post, follow] = processes.filter(({ role }) => role === 'front-door').map(({ url }) => url);
    await tell({ url: post ?? '', besideUrl: follow ?? '' });
  } finally {
    await Promise.all(processes.map((each: VerdictProcess) => each.stop()));
  }
}

try {
  const [url] = process.argv.slice(2);
  await (url === undefined ? onePerRole() : tell({ url }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
