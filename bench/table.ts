/** The figures of a run as text: medians over the rounds, and ratios to the textbook where it took part. */
import type { Turn } from './measure/measure-peer.ts';
import type { PeerName } from './peers/peer.ts';

export type MeasuredTurn = { readonly peer: PeerName; readonly round: number; readonly turn: Turn };

export function renderTables(turns: readonly MeasuredTurn[]): string {
  const byPeer = Map.groupBy(turns, ({ peer }) => peer);
  const textbook = byPeer.get('textbook');
  const textbookRate = textbook === undefined ? undefined : median(textbook, (turn) => turn.decidedPerSecond);
  const speed = [...byPeer].map(([peer, own]) => {
    const of = (pick: (turn: Turn) => number): number => median(own, pick);
    const decided = of((turn) => turn.decidedPerSecond);
    return [
      peer,
      whole(of((turn) => turn.acceptedPerSecond)),
      decided === 0 ? '' : whole(decided),
      decided === 0 || textbookRate === undefined ? '' : `${(decided / textbookRate).toFixed(2)}×`,
      ...[of((turn) => turn.post.p50), of((turn) => turn.post.p99)].map(millis),
      ...(decided === 0 ? ['', ''] : [of((turn) => turn.decision.p50), of((turn) => turn.decision.p99)].map(millis)),
      whole(of((turn) => turn.drainMs)),
      `${whole(100 * of((turn) => turn.othersShare))} %`,
      own.every(({ turn }) => turn.faults.length === 0) ? 'yes' : 'NO',
    ];
  });
  const cost = [...byPeer].flatMap(([peer, own]) =>
    Object.keys(own[0]?.turn.cpu ?? {}).map((name) => [
      peer,
      name,
      median(own, (turn) => turn.cpu[name] ?? 0).toFixed(1),
      whole(median(own, (turn) => turn.memoryMb[name] ?? 0)),
    ]),
  );
  return `${table([speedHead, ...speed])}\n\n${table([costHead, ...cost])}`;
}

const speedHead = [
  ...['peer', 'accepted/s', 'decided/s', 'to textbook', 'POST p50', 'p99', 'decided p50', 'p99', 'drain ms'],
  ...['others', 'rows = 201s'],
];
const costHead = ['peer', 'process', 'CPU µs/tx', 'MB'];

function median(turns: readonly MeasuredTurn[], pick: (turn: Turn) => number): number {
  const sorted = turns.map(({ turn }) => pick(turn)).toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function whole(value: number): string {
  return Math.round(value).toString();
}

function millis(value: number): string {
  return value.toFixed(1);
}

/** Markdown, lined up. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
