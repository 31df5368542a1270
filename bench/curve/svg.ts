/** Lines as one SVG, over a logarithmic axis or over named steps, readable on light and dark: each group has a colour, and its second sort of line is broken. */
export type Line = {
  readonly name: string;
  readonly group: string;
  readonly broken: boolean;
  readonly points: readonly Place[];
};
type Place = { readonly x: number; readonly y: number };

export type Words = {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** What stands at 0, 1, 2 … of an axis of steps. Without it the axis is logarithmic. */
  readonly steps?: readonly string[];
};

const width = 760;
const height = 420;
const frame = { left: 64, right: 180, top: 40, bottom: 48 } as const;
const colours = ['#2563eb', '#dc2626', '#059669', '#d97706', '#7c3aed', '#0891b2', '#be185d'];

type Mark = { readonly value: number; readonly label: string };
type Scale = { readonly at: (value: number) => number; readonly marks: readonly Mark[] };
type Span = readonly [from: number, to: number];

export function renderLines(lines: readonly Line[], words: Words): string {
  const drawn = lines.filter(({ points }) => points.length > 0);
  const points = drawn.flatMap((each) => each.points);
  const across: Span = [frame.left, width - frame.right];
  const xs = points.map(({ x }) => x);
  const x = words.steps === undefined ? logarithmic(xs, across) : inSteps(words.steps, across);
  const ys = points.map(({ y }) => y);
  const y = logarithmic(ys, [height - frame.bottom, frame.top]);
  const groups = [...new Set(drawn.map(({ group }) => group))];
  const colourOf = (group: string): string => colours[groups.indexOf(group) % colours.length] ?? '#666';
  const bottom = height - frame.bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#777">`,
    text(frame.left, 22, words.title, 'font-size="14" font-weight="bold"'),
    ...x.marks.map(({ value }) => grid(x.at(value), frame.top, x.at(value), bottom)),
    ...x.marks.map(({ value, label }) => text(x.at(value), bottom + 18, label, 'text-anchor="middle"')),
    ...y.marks.map(({ value }) => grid(frame.left, y.at(value), width - frame.right, y.at(value))),
    ...y.marks.map(({ value, label }) => text(frame.left - 8, y.at(value) + 4, label, 'text-anchor="end"')),
    text((across[0] + across[1]) / 2, height - 10, words.x, 'text-anchor="middle"'),
    text(frame.left - 8, frame.top - 6, words.y, 'text-anchor="end"'),
    ...drawn.map((each) => polyline(each, colourOf(each.group), { x, y })),
    ...drawn.flatMap((each, index) =>
      legend(each, colourOf(each.group), frame.top + 12 + index * 18 + groups.indexOf(each.group) * 8),
    ),
    '</svg>',
    '',
  ].join('\n');
}

/** A little beyond the values, with a mark at 1, 2 and 5 of each decade that lies in reach. */
function logarithmic(values: readonly number[], [from, to]: Span): Scale {
  const positive = values.filter((value) => value > 0);
  const low = Math.log10(positive.length === 0 ? 1 : Math.min(...positive)) - 0.1;
  const high = Math.log10(positive.length === 0 ? 10 : Math.max(...positive)) + 0.1;
  const decades = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, index) => Math.floor(low) + index);
  const marks = decades
    .flatMap((decade) => [1, 2, 5].map((step) => Number((step * 10 ** decade).toPrecision(1))))
    .filter((mark) => Math.log10(mark) >= low && Math.log10(mark) <= high)
    .map((value) => ({ value, label: String(value) }));
  return { at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from), marks };
}

/** As far apart as there is room, with half of that at either end. */
function inSteps(names: readonly string[], [from, to]: Span): Scale {
  return {
    at: (value) => from + ((value + 0.5) / names.length) * (to - from),
    marks: names.map((label, value) => ({ value, label })),
  };
}

function polyline(
  { points, broken }: Line,
  colour: string,
  { x, y }: { readonly x: Scale; readonly y: Scale },
): string {
  const places = points
    .filter((place) => place.y > 0)
    .map((place) => [x.at(place.x).toFixed(1), y.at(place.y).toFixed(1)]);
  const dots = places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`);
  const path = places.map((place) => place.join(',')).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dashes(broken)}/>${dots.join('')}`;
}

function legend({ name, broken }: Line, colour: string, at: number): readonly string[] {
  const left = width - frame.right + 16;
  const y = at - 4;
  return [
    `<line x1="${left}" y1="${y}" x2="${left + 26}" y2="${y}" stroke="${colour}" stroke-width="2"${dashes(broken)}/>`,
    text(left + 32, at, name),
  ];
}

function dashes(broken: boolean): string {
  return broken ? ' stroke-dasharray="6 4"' : '';
}

function grid(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#999" stroke-opacity="0.3"/>`;
}

function text(x: number, y: number, words: string, more = ''): string {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${safe}</text>`;
}
