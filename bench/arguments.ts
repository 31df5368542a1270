/** What a bench is asked to do, from its command line. */
import { parseArgs } from 'node:util';

import { axisNames } from './growth/axes.ts';
import type { Axis, GrowthExtent } from './growth/axes.ts';
import type { PeerName } from './peers/peer.ts';
import { peerNames } from './peers/peer.ts';

export type BenchArguments = {
  /** The whole matrix, in which the bars are held against what was measured; what else is asked of peers and loads then does not count. */
  readonly all: boolean;
  /** How cost grows, instead of anything else. */
  readonly growth: GrowthExtent | undefined;
  readonly peers: readonly PeerName[];
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** One closed loop for each. */
  readonly connections: readonly number[];
  /** One open loop for each, in requests per second. */
  readonly rates: readonly number[];
  readonly rounds: number;
  readonly json: string | undefined;
  /** Where CPU profiles of Verdict's processes go. */
  readonly profile: string | undefined;
};

export const usage = `npm run bench -- [options]
  --all                  the whole matrix in some 25 minutes, with bars: what is kept and what is missed
  --growth               how cost grows with each of ${axisNames.join(', ')}, in some 25 minutes; on closed loops of 64 connections
  --only <axes>          with --growth: some of these, comma-separated
  --rows-max <n>         with --growth: transactions that are there beforehand, at the most (default 10000000, some 12 GB of disk; 100000 with --quick)
  --quick                with --all: one round of short turns; with --growth: short turns, without the largest steps
  --shape <names>        all, or some of ${peerNames.join(', ')}, comma-separated (default all)
  --connections <n,…>    closed loops: kept-alive connections, one request on each at a time (default 64 where no --rate is given)
  --rate <n,…>           open loops: requests per second, answered or not; latency counts from the moment that each was due
  --seconds <n>          measured, after the warm-up (default 10, 8 with --growth)
  --warm-up <n>          seconds (default 10, 8 with --growth): code that is not compiled yet halves what a process carries
  --rounds <n>           medians are taken over them; peers take turns in rotated order (default 1, 3 with --all)
  --json <file>          default bench/results/<time>.jsonl; tables and curves are written beside it
  --profile <directory>  CPU profiles of Verdict's processes, for bench/profile.ts
Exits 1 where a peer's rows and its answers differ. A bar that is missed is shown, and is no error.`;

export class UsageError extends Error {}

export function parseArguments(args: readonly string[]): BenchArguments | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const { all, quick } = values;
  const growth = growthOf(values);
  if (growth !== undefined && all) throw new UsageError('--growth and --all are two benches');
  if (quick && !all && growth === undefined) throw new UsageError('--quick goes with --all or --growth');
  const usualSeconds = growth === undefined ? '10' : '8';
  const peers = values.shape === 'all' ? peerNames : values.shape.split(',');
  if (!peers.every(isPeerName)) throw new UsageError(`--shape takes all or some of ${peerNames.join(', ')}`);
  const rates = values.rate?.split(',') ?? [];
  const connections = values.connections?.split(',') ?? (rates.length === 0 ? ['64'] : []);
  return {
    all,
    growth,
    peers,
    seconds: numberOf('seconds', values.seconds ?? (quick ? '3' : usualSeconds)),
    warmUpSeconds: numberOf('warm-up', values['warm-up'] ?? (quick ? '1' : usualSeconds)),
    connections: connections.map((text) => numberOf('connections', text)),
    rates: rates.map((text) => numberOf('rate', text)),
    rounds: numberOf('rounds', values.rounds ?? (all && !quick ? '3' : '1')),
    json: values.json,
    profile: values.profile,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        all: { type: 'boolean', default: false },
        growth: { type: 'boolean', default: false },
        only: { type: 'string' },
        'rows-max': { type: 'string' },
        quick: { type: 'boolean', default: false },
        shape: { type: 'string', default: 'all' },
        connections: { type: 'string' },
        rate: { type: 'string' },
        seconds: { type: 'string' },
        'warm-up': { type: 'string' },
        rounds: { type: 'string' },
        json: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

type GrowthValues = Readonly<Pick<ReturnType<typeof parse>['values'], 'growth' | 'only' | 'rows-max' | 'quick'>>;

function growthOf({ growth, only, quick, 'rows-max': rows }: GrowthValues): GrowthExtent | undefined {
  if (!growth) {
    if (only !== undefined || rows !== undefined) throw new UsageError('--only and --rows-max go with --growth');
    return undefined;
  }
  const axes = only === undefined ? axisNames : only.split(',');
  if (!axes.every(isAxis)) throw new UsageError(`--only takes some of ${axisNames.join(', ')}`);
  const rowsMax = rows ?? (quick ? '100000' : '10000000');
  // Whole thousands are whole batches, too.
  if (!/^[1-9]\d{0,4}000$/.test(rowsMax)) throw new UsageError('--rows-max takes whole thousands, at most 99999000');
  return { axes, rowsMax: Number(rowsMax), quick };
}

function isAxis(name: string): name is Axis {
  return (axisNames as readonly string[]).includes(name);
}

function isPeerName(name: string): name is PeerName {
  return (peerNames as readonly string[]).includes(name);
}

function numberOf(option: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--${option} takes a whole number above zero`);
  return Number(text);
}
