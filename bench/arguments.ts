/** What a bench is asked to do, from its command line. */
import { parseArgs } from 'node:util';

import type { PeerName } from './peers/peer.ts';
import { peerNames } from './peers/peer.ts';

export type BenchArguments = {
  readonly peers: readonly PeerName[];
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
  readonly rounds: number;
  readonly json: string | undefined;
  /** Where CPU profiles of Verdict's processes go. */
  readonly profile: string | undefined;
};

export const usage = `npm run bench -- [options]
  --shape <names>        all, or some of ${peerNames.join(', ')}, comma-separated (default all)
  --connections <n>      kept-alive connections, one request on each at a time (default 64)
  --seconds <n>          measured, after the warm-up (default 10)
  --warm-up <n>          seconds (default 3)
  --rounds <n>           medians are taken over them; peers take turns in rotated order (default 1)
  --json <file>          default bench/results/<time>.jsonl
  --profile <directory>  CPU profiles of Verdict's processes, for bench/profile.ts
Exits 1 where a peer's rows and its answers differ.`;

export class UsageError extends Error {}

export function parseArguments(args: readonly string[]): BenchArguments | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const peers = values.shape === 'all' ? peerNames : values.shape.split(',');
  if (!peers.every(isPeerName)) throw new UsageError(`--shape takes all or some of ${peerNames.join(', ')}`);
  return {
    peers,
    seconds: numberOf('seconds', values.seconds),
    warmUpSeconds: numberOf('warm-up', values['warm-up']),
    connections: numberOf('connections', values.connections),
    rounds: numberOf('rounds', values.rounds),
    json: values.json,
    profile: values.profile,
  };
}

type Values = Readonly<Record<'shape' | 'seconds' | 'warm-up' | 'connections' | 'rounds', string>> & {
  readonly json?: string;
  readonly profile?: string;
  readonly help: boolean;
};

function parse(args: readonly string[]): Values {
  try {
    return parseArgs({
      args: [...args],
      options: {
        shape: { type: 'string', default: 'all' },
        seconds: { type: 'string', default: '10' },
        'warm-up': { type: 'string', default: '3' },
        connections: { type: 'string', default: '64' },
        rounds: { type: 'string', default: '1' },
        json: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function isPeerName(name: string): name is PeerName {
  return (peerNames as readonly string[]).includes(name);
}

function numberOf(option: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--${option} takes a whole number above zero`);
  return Number(text);
}
