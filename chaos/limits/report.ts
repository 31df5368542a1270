/** The measured limits as text: a line for each bar, a table of all of them, and a last line that counts. */
import type { Measured } from './measured.ts';

export function lineOf({ name, figures, bar, kept }: Measured): string {
  return `${name}: ${figures} ... ${kept ? 'kept' : 'missed'} (${bar})`;
}

/** `N bars kept, N missed` */
export function lastLine(all: readonly Measured[]): string {
  const kept = all.filter((each) => each.kept).length;
  return `${kept} bars kept, ${all.length - kept} missed`;
}

export function toMarkdown(all: readonly Measured[], conditions: string): string {
  const rows = all.map(
    ({ name, figures, bar, kept }) => `| ${name} | ${figures} | ${bar} | ${kept ? 'kept' : '**missed**'} |`,
  );
  return [
    '# Limits',
    conditions,
    ['| limit | measured | bar | |', '|---|---|---|---|', ...rows].join('\n'),
    `${lastLine(all)}\n`,
  ].join('\n\n');
}

export function whole(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toString() : 'never';
}

export function seconds(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : 'never';
}
