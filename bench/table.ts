/** The figures of a run as text: medians over the rounds, and ratios to the textbook's peak where it took part. */
import { median, nameOf, peakOf } from './measure/turn.ts';
import type { MeasuredTurn, Turn } from './measure/turn.ts';

export function renderTables(turns: readonly MeasuredTurn[]): string {
  const groups = [...Map.groupBy(turns, ({ peer, turn }) => `${peer} ${nameOf(turn.phase)}`).values()];
  const textbook = median(peakOf(turns, 'textbook'), (turn) => turn.decidedPerSecond);
  const writing = groups.filter(([first]) => first?.turn.phase.type !== 'reads');
  const reading = groups.filter(([first]) => first?.turn.phase.type === 'reads');
  return [
    table([speedHead, ...writing.map((own) => speedRow(own, textbook))]),
    ...(reading.length === 0 ? [] : [table([readHead, ...reading.map(readRow)])]),
    table([costHead, ...groups.flatMap(costRows)]),
  ].join('\n\n');
}

const speedHead = [
  ...[
    'peer',
    'load',
    'accepted/s',
    'decided/s',
    'to textbook',
    'POST p50',
    'p99',
    'p99.9',
    'decided p50',
    'p99',
    'p99.9',
  ],
  ...['drain ms', 'others', 'rows = 201s'],
];
const readHead = ['peer', 'load', 'reads/s', 'GET p50', 'p99', 'p99.9', 'others', 'rows = 201s'];
const costHead = [
  'peer',
  'load',
  'process',
  'CPU µs/tx',
  'RSS MB',
  'Pss MB',
  'loop delay p50',
  'p99',
  'max ms',
  'batch sizes',
];

function speedRow(own: readonly MeasuredTurn[], textbook: number): readonly string[] {
  const of = (pick: (turn: Turn) => number): number => median(own, pick);
  const decided = of((turn) => turn.decidedPerSecond);
  return [
    ...headOf(own),
    whole(of((turn) => turn.acceptedPerSecond)),
    decided === 0 ? '' : whole(decided),
    decided === 0 || Number.isNaN(textbook) ? '' : `${(decided / textbook).toFixed(2)}×`,
    ...[
      of(({ result }) => result.post.p50),
      of(({ result }) => result.post.p99),
      of(({ result }) => result.post.p999),
    ].map(millis),
    ...[
      of(({ result }) => result.decision.p50),
      of(({ result }) => result.decision.p99),
      of(({ result }) => result.decision.p999),
    ].map((ms) => (decided === 0 ? '' : millis(ms))),
    whole(of((turn) => turn.drainMs)),
    ...tailOf(own),
  ];
}

function readRow(own: readonly MeasuredTurn[]): readonly string[] {
  const of = (pick: (turn: Turn) => number): number => median(own, pick);
  return [
    ...headOf(own),
    whole(of((turn) => turn.readsPerSecond)),
    ...[
      of(({ result }) => result.read.p50),
      of(({ result }) => result.read.p99),
      of(({ result }) => result.read.p999),
    ].map(millis),
    ...tailOf(own),
  ];
}

function costRows(own: readonly MeasuredTurn[]): readonly (readonly string[])[] {
  const [first] = own;
  const of = (pick: (turn: Turn) => number): number => median(own, pick);
  return Object.keys(first?.turn.cpu ?? {}).map((name) => {
    const batches = Object.keys(first?.turn.batchSizes ?? {}).filter((key) => key.startsWith(`${name} `));
    const delays = first?.turn.loopDelayMs[name] === undefined ? [] : (['p50', 'p99', 'max'] as const);
    return [
      ...headOf(own),
      name,
      of(({ cpu }) => cpu[name] ?? 0).toFixed(1),
      whole(of(({ memory }) => memory[name]?.rssMb ?? 0)),
      whole(of(({ memory }) => memory[name]?.pssMb ?? 0)),
      ...[0, 1, 2].map((at) => {
        const which = delays[at];
        return which === undefined ? '' : millis(of(({ loopDelayMs }) => loopDelayMs[name]?.[which] ?? NaN));
      }),
      batches
        .map((key) => `${key.slice(name.length + 1)} ${of(({ batchSizes }) => batchSizes[key] ?? NaN).toFixed(1)}`)
        .join(', '),
    ];
  });
}

function headOf([first]: readonly MeasuredTurn[]): readonly string[] {
  return first === undefined ? [] : [first.peer, nameOf(first.turn.phase)];
}

function tailOf(own: readonly MeasuredTurn[]): readonly string[] {
  const share = median(own, (turn) => turn.othersShare);
  return [`${whole(100 * share)} %`, own.every(({ turn }) => turn.faults.length === 0) ? 'yes' : 'NO'];
}

/** A dash for what was not measured. */
export function whole(value: number): string {
  return Number.isNaN(value) ? '–' : Math.round(value).toString();
}

export function millis(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(1);
}

/** Markdown, lined up. */
export function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
