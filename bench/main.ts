/** `npm run bench`: measures Verdict's shapes and what they are compared with, all in one sitting; exits 1 where a peer's rows differ from its answers. */
import { appendFile, mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { UsageError, parseArguments, usage } from './arguments.ts';
import type { BenchArguments } from './arguments.ts';
import type { Phase } from './load/protocol.ts';
import type { MeasuredTurn } from './measure/turn.ts';
import { runMatrix } from './matrix/run-matrix.ts';
import type { Matrix } from './matrix/run-matrix.ts';
import { prefixes, rotated, runSitting } from './run-sitting.ts';
import type { Stand } from './run-sitting.ts';
import { LazyServices } from './services.ts';
import { writeReport } from './report.ts';
import { runGrowth } from './growth/run-growth.ts';

const exitUsage = 64; // EX_USAGE
/** Each process that was started listens to the exit of the bench: four of each role are sixteen, beside the services. */
const startedMax = 64;

// Whoever ends the bench ends what it has started: those processes listen to `exit`, which a signal alone does not bring about.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
process.setMaxListeners(startedMax);
process.exit(await run(process.argv.slice(2)));

async function run(args: readonly string[]): Promise<number> {
  try {
    const asked = parseArguments(args);
    if (asked !== 'help') return await bench(asked);
    console.log(usage);
    return 0;
  } catch (error) {
    console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : error);
    return error instanceof UsageError ? exitUsage : 1;
  }
}

async function bench(asked: BenchArguments): Promise<number> {
  const startedAt = performance.now();
  const file = asked.json ?? fileURLToPath(new URL(`results/${Date.now()}.jsonl`, import.meta.url));
  await mkdir(dirname(resolve(file)), { recursive: true });
  const head = `${machine()} · ${asked.seconds} s after ${asked.warmUpSeconds} s · rounds ${asked.rounds}`;
  console.log(`${head}\n`);
  await appendFile(file, `${JSON.stringify({ at: new Date().toISOString(), machine: machine(), ...asked })}\n`);
  await using services = new LazyServices();
  const stand: Stand = {
    ...{ services, file, warmUpSeconds: asked.warmUpSeconds, nextPrefix: prefixes() },
    env: asked.profile === undefined ? {} : profileEnv(resolve(asked.profile)),
  };
  const over = (): void => console.log(`${((performance.now() - startedAt) / 60_000).toFixed(1)} min`);
  if (asked.growth !== undefined) {
    const sound = await runGrowth(stand, { ...asked.growth, seconds: asked.seconds }, head);
    over();
    return sound ? 0 : 1;
  }
  const matrix = asked.all ? await runMatrix(stand, asked) : await someOf(asked, stand);
  await writeReport({ file, head, matrix, withBars: asked.all });
  over();
  const { turns, brokenOff } = matrix;
  return brokenOff.length === 0 && turns.every(({ turn }) => turn.faults.length === 0) ? 0 : 1;
}

async function someOf(asked: BenchArguments, stand: Stand): Promise<Matrix> {
  const { seconds } = asked;
  const phases: readonly Phase[] = [
    ...asked.connections.map((connections) => ({ type: 'closed', connections, seconds }) as const),
    ...asked.rates.map((rate) => ({ type: 'open', rate, seconds }) as const),
  ];
  const turns: MeasuredTurn[] = [];
  for (let round = 1; round <= asked.rounds; round += 1) {
    for (const peer of rotated(asked.peers, round - 1))
      turns.push(...(await runSitting(stand, { peer, round, phases })));
  }
  return { turns, floors: [], brokenOff: [], leftOut: [] };
}

function profileEnv(directory: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${directory}` };
}

function machine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model ?? 'unknown CPU'} · Node ${process.version}`;
}
