/** One turn of one peer: warm up, wait until nothing is owed, measure, drain, and hold the rows of its database against the answers it gave. */
import { LoadProcess } from '../load/load-process.ts';
import type { Latencies, PhaseResult } from '../load/protocol.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { readMemory, readUsage } from './processes.ts';
import type { Usage } from './processes.ts';

export type Turn = {
  readonly acceptedPerSecond: number;
  /** Until the last decision, the drain included. 0 where nothing is decided. */
  readonly decidedPerSecond: number;
  readonly post: Latencies;
  readonly decision: Latencies;
  readonly drainMs: number;
  /** Microseconds per accepted transaction, the drain included, by process. */
  readonly cpu: Readonly<Record<string, number>>;
  readonly memoryMb: Readonly<Record<string, number>>;
  /** Share of the machine's busy time that belonged to nobody of this turn. */
  readonly othersShare: number;
  /** What does not add up; empty is what every turn has to be. */
  readonly faults: readonly string[];
  readonly complaints: readonly string[];
  /** `process.hrtime` of the measured phase in microseconds, by which profiles are cut. */
  readonly window: readonly [number, number];
  readonly phase: PhaseResult;
};

export type TurnOptions = { readonly connections: number; readonly seconds: number; readonly warmUpSeconds: number };

const drainMaxMs = 60_000;

export async function measurePeer(peer: RunningPeer, options: TurnOptions): Promise<Turn> {
  await using load = await LoadProcess.start(peer.target, options.connections);
  const watched = [...peer.processes, { name: 'load', pid: load.pid }];
  const warmUp = await load.phase(options.warmUpSeconds, drainMaxMs);
  const before = readUsage(watched);
  const from = hrtimeMicros();
  const phase = await load.phase(options.seconds, drainMaxMs);
  const window = [from, hrtimeMicros()] as const;
  const after = readUsage(watched);
  const seconds = phase.postingMs / 1000;
  const cpuMicros = difference(before, after);
  const total = Object.values(cpuMicros).reduce((sum, each) => sum + each, 0);
  const machine = after.machineMicros - before.machineMicros;
  return {
    acceptedPerSecond: phase.accepted / seconds,
    decidedPerSecond: phase.decided === 0 ? 0 : phase.decided / (phase.decidedMs / 1000),
    post: phase.post,
    decision: phase.decision,
    drainMs: Math.max(0, phase.decidedMs - phase.postingMs),
    cpu: Object.fromEntries(Object.entries(cpuMicros).map(([name, micros]) => [name, micros / phase.accepted])),
    memoryMb: readMemory(watched),
    othersShare: machine === 0 ? 0 : Math.max(0, 1 - total / machine),
    faults: await faultsOf(peer, [warmUp, phase]),
    complaints: peer.complaints(),
    window,
    phase,
  };
}

function difference(before: Usage, after: Usage): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...after.cpuMicros].map(([name, micros]) => [name, micros - (before.cpuMicros.get(name) ?? 0)]),
  );
}

async function faultsOf(peer: RunningPeer, phases: readonly PhaseResult[]): Promise<readonly string[]> {
  const total = (pick: (phase: PhaseResult) => number): number => phases.reduce((sum, each) => sum + pick(each), 0);
  const accepted = total((phase) => phase.accepted);
  const refused = phases.flatMap((phase) => Object.entries(phase.refused));
  const faults = refused.map(([status, count]) => `${count} answers ${status === '0' ? 'broken off' : status}`);
  if (accepted === 0) faults.push('nothing was accepted');
  if (peer.countRows === undefined) return faults;
  const rows = await peer.countRows();
  if (rows.decided !== accepted) faults.push(`${accepted} answered 201, ${rows.decided} rows decided`);
  if (rows.pending > 0) faults.push(`${rows.pending} rows still PENDING`);
  const open = total((phase) => phase.open);
  const strays = total((phase) => phase.strays);
  if (open > 0) faults.push(`${open} decisions not seen on the stream`);
  if (strays > 0) faults.push(`${strays} decisions seen twice or of unknown transactions`);
  return faults;
}

function hrtimeMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
