/** `npm run bench`: measures Verdict's shapes and what they are compared with, all in one sitting; exits 1 where a peer's rows differ from its answers. */
import { appendFile, mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { UsageError, parseArguments, usage } from './arguments.ts';
import type { BenchArguments } from './arguments.ts';
import { measurePeer } from './measure/measure-peer.ts';
import { startBareHttp } from './peers/bare-http.ts';
import type { PeerName, StartPeer } from './peers/peer.ts';
import { startRoles } from './peers/roles.ts';
import { startStandalone } from './peers/standalone.ts';
import { startTextbook } from './peers/textbook.ts';
import { LazyServices } from './services.ts';
import { renderTables } from './table.ts';
import type { MeasuredTurn } from './table.ts';

const starters: Readonly<Record<PeerName, StartPeer>> = {
  standalone: startStandalone,
  roles: startRoles,
  textbook: startTextbook,
  'bare-http': startBareHttp,
};
const exitUsage = 64; // EX_USAGE

// Whoever ends the bench ends what it has started: those processes listen to `exit`, which a signal alone does not bring about.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
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
  const file = asked.json ?? fileURLToPath(new URL(`results/${Date.now()}.jsonl`, import.meta.url));
  await mkdir(dirname(resolve(file)), { recursive: true });
  console.log(`${machine()} · ${asked.connections} connections · ${asked.seconds} s after ${asked.warmUpSeconds} s\n`);
  await using services = new LazyServices();
  const turns: MeasuredTurn[] = [];
  for (let round = 1; round <= asked.rounds; round += 1) {
    for (const peer of rotated(asked.peers, round - 1)) {
      const measured = { peer, round, turn: await takeTurn(asked, services, { peer, round }) };
      turns.push(measured);
      await appendFile(file, `${JSON.stringify({ at: new Date().toISOString(), ...asked, ...measured })}\n`);
      console.log(progress(measured));
    }
  }
  console.log(`\n${renderTables(turns)}\n\n${file}`);
  return turns.every(({ turn }) => turn.faults.length === 0) ? 0 : 1;
}

async function takeTurn(
  asked: BenchArguments,
  services: LazyServices,
  { peer, round }: { readonly peer: PeerName; readonly round: number },
): Promise<MeasuredTurn['turn']> {
  const profiling = asked.profile === undefined ? {} : profileEnv(resolve(asked.profile));
  await using running = await starters[peer]({
    prefix: `bench_${peer.replaceAll('-', '_')}_${round}`,
    services: () => services.get(),
    env: profiling,
  });
  return await measurePeer(running, asked);
}

function profileEnv(directory: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${directory}` };
}

/** Whoever comes first meets the coldest machine, so everybody does once. */
function rotated<T>(all: readonly T[], by: number): readonly T[] {
  const at = by % all.length;
  return [...all.slice(at), ...all.slice(0, at)];
}

function progress({ peer, round, turn }: MeasuredTurn): string {
  const { acceptedPerSecond, decidedPerSecond, faults, complaints } = turn;
  const rates = `${Math.round(acceptedPerSecond)} accepted/s, ${Math.round(decidedPerSecond)} decided/s`;
  const more = [
    ...faults,
    ...(complaints.length === 0 ? [] : [`${complaints.length} lines of complaint, see the file`]),
  ];
  return [`round ${round}  ${peer.padEnd(10)} ${rates}`, ...more].join('  ');
}

function machine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model ?? 'unknown CPU'} · Node ${process.version}`;
}
