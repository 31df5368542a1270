/** Curves as one SVG on two logarithmic axes, readable on light and dark: p50 is a whole line, p99 a broken one, each peer has a colour. */
import type { Curve } from './curves.ts';

const width = 760;
const height = 420;
const frame = { left: 64, right: 180, top: 40, bottom: 48 } as const;
const colours = ['#2563eb', '#dc2626', '#059669', '#d97706', '#7c3aed', '#0891b2', '#be185d'];

type Scale = { readonly at: (value: number) => number; readonly marks: readonly number[] };

export function renderCurves(curves: readonly Curve[], title: string): string {
  const drawn = curves.filter(({ points }) => points.length > 0);
  const points = drawn.flatMap((curve) => curve.points);
  const x = scale(
    points.map(({ rate }) => rate),
    [frame.left, width - frame.right],
  );
  const y = scale(
    points.map(({ ms }) => ms),
    [height - frame.bottom, frame.top],
  );
  const peers = [...new Set(drawn.map(({ peer }) => peer))];
  const colourOf = (peer: string): string => colours[peers.indexOf(peer) % colours.length] ?? '#666';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#777">`,
    text(frame.left, 22, title, 'font-size="14" font-weight="bold"'),
    ...x.marks.map((mark) => grid(x.at(mark), frame.top, x.at(mark), height - frame.bottom)),
    ...x.marks.map((mark) => text(x.at(mark), height - frame.bottom + 18, String(mark), 'text-anchor="middle"')),
    ...y.marks.map((mark) => grid(frame.left, y.at(mark), width - frame.right, y.at(mark))),
    ...y.marks.map((mark) => text(frame.left - 8, y.at(mark) + 4, String(mark), 'text-anchor="end"')),
    text((frame.left + width - frame.right) / 2, height - 10, 'transactions per second', 'text-anchor="middle"'),
    text(frame.left - 8, frame.top - 6, 'ms', 'text-anchor="end"'),
    ...drawn.map((curve) => line(curve, colourOf(curve.peer), { x, y })),
    ...peers.flatMap((peer, index) => legend(peer, colourOf(peer), frame.top + 12 + index * 44)),
    '</svg>',
    '',
  ].join('\n');
}

/** Whole decades around the values, with a mark at 1, 2 and 5 of each that lies in reach. */
function scale(values: readonly number[], [from, to]: readonly [number, number]): Scale {
  const positive = values.filter((value) => value > 0);
  const low = Math.log10(positive.length === 0 ? 1 : Math.min(...positive)) - 0.1;
  const high = Math.log10(positive.length === 0 ? 10 : Math.max(...positive)) + 0.1;
  const decades = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, index) => Math.floor(low) + index);
  const marks = decades
    .flatMap((decade) => [1, 2, 5].map((step) => Number((step * 10 ** decade).toPrecision(1))))
    .filter((mark) => Math.log10(mark) >= low && Math.log10(mark) <= high);
  return { at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from), marks };
}

function line(
  { points, percentile }: Curve,
  colour: string,
  { x, y }: { readonly x: Scale; readonly y: Scale },
): string {
  const places = points.filter(({ ms }) => ms > 0).map(({ rate, ms }) => [x.at(rate).toFixed(1), y.at(ms).toFixed(1)]);
  const dash = percentile === 'p99' ? ' stroke-dasharray="6 4"' : '';
  const dots = places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`);
  const path = places.map((place) => place.join(',')).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>${dots.join('')}`;
}

function legend(peer: string, colour: string, top: number): readonly string[] {
  const left = width - frame.right + 16;
  const sample = (at: number, dash: string): string =>
    `<line x1="${left}" y1="${at - 4}" x2="${left + 26}" y2="${at - 4}" stroke="${colour}" stroke-width="2"${dash}/>`;
  return [
    sample(top, ''),
    text(left + 32, top, `${peer} p50`),
    sample(top + 18, ' stroke-dasharray="6 4"'),
    text(left + 32, top + 18, `${peer} p99`),
  ];
}

function grid(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#999" stroke-opacity="0.3"/>`;
}

function text(x: number, y: number, words: string, more = ''): string {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${safe}</text>`;
}
