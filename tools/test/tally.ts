/** Counts what one test file did, from what uvu printed and how the process ended; nothing that went wrong is counted as passed. */
/** The exit code, or in words what ended it. */
export type Ending = number | string;

export type Tally = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed beside single tests. */
  readonly why?: string;
};

/** A file that runs no tests, prints no summary or does not end with 0 counts at least one failure. */
export function tally(output: string, ending: Ending): Tally {
  const plain = withoutColours(output);
  const total = sum(plain, 'Total');
  const passed = sum(plain, 'Passed');
  const counted = { passed, failed: total - passed, skipped: sum(plain, 'Skipped') };
  const orderly = ending === 0 || (ending === 1 && counted.failed > 0);
  if (total > 0 && orderly) return counted;
  const ended = typeof ending === 'number' ? `ended with code ${ending}` : ending;
  return { ...counted, failed: counted.failed + 1, why: total === 0 ? `no test ran, ${ended}` : ended };
}

export function addUp(tallies: readonly Tally[]): Tally {
  const add = (of: (one: Tally) => number): number => tallies.reduce((all, one) => all + of(one), 0);
  return { passed: add((one) => one.passed), failed: add((one) => one.failed), skipped: add((one) => one.skipped) };
}

/** uvu prints one summary per run, and a file may hold several. */
function sum(output: string, word: string): number {
  const found = output.matchAll(new RegExp(`^ {2}${word}: +(\\d+)$`, 'gm'));
  return [...found].reduce((all, [, digits]) => all + Number(digits), 0);
}

function withoutColours(output: string): string {
  // oxlint-disable-next-line no-control-regex
  return output.replaceAll(/\u001B\[[\d;]*m/g, '');
}
