/**
 * `npm run limits -- [--only overload,storm,clients,stalled,soak] [--minutes M] [--clients N] [--seconds S]`: measures the limits that Verdict promises, on real services
 * with one process per role. One line for each bar; the results lie under `chaos/results/`; exit code 1 where one is missed.
 */
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Recorder } from '../recorder.ts';
import type { Measured } from './measured.ts';
import { clients } from './parts/clients.ts';
import { overload } from './parts/overload.ts';
import { soak } from './parts/soak.ts';
import { stalled } from './parts/stalled.ts';
import { storm } from './parts/storm.ts';
import { lastLine, lineOf, toMarkdown } from './report.ts';

const parts = [overload, storm, clients, stalled, soak];
const results = fileURLToPath(new URL('../results', import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: parts.map(({ name }) => name).join() },
    minutes: { type: 'string' },
    clients: { type: 'string' },
    seconds: { type: 'string' },
  },
});
const names = new Set(values.only.split(','));
const unknown = [...names].filter((name) => parts.every((part) => part.name !== name));
const settings = {
  minutes: numberWithin(values.minutes, 600),
  clients: numberWithin(values.clients, 20_000),
  seconds: numberWithin(values.seconds, 120),
};
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (ending.signal.aborted) process.exit(130); // whoever says it twice does not want to wait
    ending.abort(new Error(`ended by ${signal}`));
  });

if (unknown.length > 0 || Object.values(settings).some(Number.isNaN)) {
  console.error(
    `--only takes ${parts.map(({ name }) => name).join(', ')}; --minutes, --clients and --seconds a number above 0`,
  );
  process.exitCode = 64;
} else {
  process.exitCode = await measureAll().catch((error: unknown) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    return ending.signal.aborted ? 130 : 2;
  });
}

async function measureAll(): Promise<number> {
  const directory = join(results, `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-limits`);
  const measured: Measured[] = [];
  await using recorder = new Recorder(directory);
  for (const { name, measure } of parts.filter((part) => names.has(part.name))) {
    await using own = new Recorder(join(directory, name));
    const tell = (progress: string): void => console.log(`  ${name}: ${progress}`);
    for (const each of await measure({ ...settings, recorder: own, tell, signal: ending.signal })) {
      measured.push(each);
      console.log(lineOf(each));
    }
    ending.signal.throwIfAborted();
    recorder.write('limits.json', measured);
    recorder.write('limits.md', toMarkdown(measured, conditions()));
  }
  console.log(lastLine(measured));
  return measured.every(({ kept }) => kept) ? 0 : 1;
}

function conditions(): string {
  const load = loadavg().map((each) => each.toFixed(1));
  return `One process per role; ${availableParallelism()} processors, load averages ${load.join(', ')}; ${process.version}.`;
}

/** NaN for what is no such number. */
function numberWithin(text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return value > 0 && value <= max ? value : Number.NaN;
}
