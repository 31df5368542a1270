/** Turns of one peer, one after the other on one start of it: each measures a phase, drains it, and holds the rows of the peer's database against the answers it gave. */
import { LoadProcess } from '../load/load-process.ts';
import type { Phase, PhaseResult } from '../load/protocol.ts';
import type { RunningPeer, Rows } from '../peers/peer.ts';
import { look, toldBetween } from './metrics.ts';
import { readMemory, readUsage } from './processes.ts';
import type { Usage, Watched } from './processes.ts';
import type { Turn } from './turn.ts';

const drainMaxMs = 60_000;
const warmConnections = 64;
const warmAgainSeconds = 1;

export type Sitting = { readonly phases: readonly Phase[]; readonly warmUpSeconds: number };

export async function measurePeer(
  peer: RunningPeer,
  { phases, warmUpSeconds }: Sitting,
  onTurn: (turn: Turn) => Promise<void>,
): Promise<void> {
  await using load = await LoadProcess.start(peer.target);
  const sofar: PhaseResult[] = [];
  const go = async (phase: Phase): Promise<PhaseResult> => {
    const result = await load.phase(phase, drainMaxMs);
    sofar.push(result);
    return result;
  };
  await go({ type: 'closed', connections: warmConnections, seconds: warmUpSeconds });
  for (const phase of phases) {
    // New connections and a first read have something to heat of their own; a fixed rate that follows a busy phase has not.
    if (phase.type !== 'open') await go({ ...phase, seconds: warmAgainSeconds });
    await onTurn(await measure({ peer, phase, sofar, loadPid: load.pid }, () => go(phase)));
  }
}

type Measured = {
  readonly peer: RunningPeer;
  readonly phase: Phase;
  /** All that was asked of the peer since its start. */
  readonly sofar: readonly PhaseResult[];
  readonly loadPid: number;
};

async function measure({ peer, phase, sofar, loadPid }: Measured, go: () => Promise<PhaseResult>): Promise<Turn> {
  const watched: readonly Watched[] = [...peer.processes, { name: 'load', pid: loadPid }];
  const looked = await look(peer.metrics);
  const before = readUsage(watched);
  const from = hrtimeMicros();
  const result = await go();
  const window = [from, hrtimeMicros()] as const;
  const after = readUsage(watched);
  const told = toldBetween(looked, await look(peer.metrics));
  const seconds = result.postingMs / 1000;
  const cpuMicros = difference(before, after);
  const total = Object.values(cpuMicros).reduce((sum, each) => sum + each, 0);
  const machine = after.machineMicros - before.machineMicros;
  const items = Math.max(1, result.accepted + result.reads);
  return {
    phase,
    acceptedPerSecond: result.accepted / seconds,
    decidedPerSecond: result.decided === 0 ? 0 : result.decided / (result.decidedMs / 1000),
    readsPerSecond: result.reads / seconds,
    drainMs: Math.max(0, result.decidedMs - result.postingMs),
    cpu: Object.fromEntries(Object.entries(cpuMicros).map(([name, micros]) => [name, micros / items])),
    memory: readMemory(watched),
    ...told,
    othersShare: machine === 0 ? 0 : Math.max(0, 1 - total / machine),
    refused: result.refused,
    faults: faultsOf(sofar, await peer.countRows?.()),
    complaints: peer.complaints(),
    window,
    result,
  };
}

function difference(before: Usage, after: Usage): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...after.cpuMicros].map(([name, micros]) => [name, micros - (before.cpuMicros.get(name) ?? 0)]),
  );
}

function faultsOf(phases: readonly PhaseResult[], rows: Rows | undefined): readonly string[] {
  const total = (pick: (phase: PhaseResult) => number): number => phases.reduce((sum, each) => sum + pick(each), 0);
  const accepted = total((phase) => phase.accepted);
  const faults = accepted === 0 ? ['nothing was accepted'] : [];
  if (rows === undefined) return faults;
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
