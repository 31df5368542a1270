/** The commands of the dead-letter tool. Each answers with the exit code: 0 where everything came about. */
import type { Place, What } from './arguments.ts';
import type { DeadLetterClient, Letter, Report } from './dead-letter-client.ts';

/** Letters in one call: the progress of a long walk is seen. */
const stepMax = 100;
const pageMax = 20;

export async function list(client: DeadLetterClient, { filter, limit }: What): Promise<number> {
  let listed = 0;
  let cursor: string | null | undefined;
  while (cursor !== null && listed < limit) {
    const step = { limit: String(Math.min(pageMax, limit - listed)), ...(cursor !== undefined && { cursor }) };
    const page = await client.list({ ...filter, ...step });
    for (const letter of page.items) console.log(lineOf(letter));
    listed += page.items.length;
    cursor = page.next;
  }
  console.error(cursor === null ? `${listed} letters` : `${listed} letters, and there may be more`);
  return 0;
}

export async function show(client: DeadLetterClient, { place }: What): Promise<number> {
  if (place === undefined) throw new Error('show needs a place');
  console.log(JSON.stringify(await client.read(place), null, 2));
  return 0;
}

export async function act(client: DeadLetterClient, name: 're-drive' | 'discard', what: What): Promise<number> {
  const { place, filter, limit, dryRun, force } = what;
  const total = { matched: 0, done: 0, skipped: 0, failed: 0 };
  let cursor: string | null | undefined;
  while (cursor !== null && total.matched < limit) {
    const step = { limit: Math.min(stepMax, limit - total.matched), ...(cursor !== undefined && { cursor }) };
    const which = place === undefined ? { filter, ...step } : { letter: place };
    const report = await client.act(name, { ...which, dryRun, force });
    tell(report);
    for (const count of ['matched', 'done', 'skipped', 'failed'] as const) total[count] += report[count];
    cursor = report.next;
    console.error(inWords(total));
  }
  console.log(`${name}${dryRun ? ' (dry run)' : ''}: ${inWords(total)}`);
  return total.failed === 0 ? 0 : 1;
}

function tell({ letters }: Report): void {
  for (const { outcome, reason, ...place } of letters) {
    console.log(`${placeOf(place)}  ${outcome}${reason === undefined ? '' : ` (${reason})`}`);
  }
}

function inWords({ matched, done, skipped, failed }: Omit<Report, 'letters' | 'next'>): string {
  return `matched ${matched}, done ${done}, skipped ${skipped}, failed ${failed}`;
}

function lineOf(letter: Letter): string {
  const { cause, setAsideAt, state, key } = letter;
  return [placeOf(letter), setAsideAt, cause.padEnd(19), state.padEnd(9), keyOf(key)].join('  ');
}

function placeOf({ topic, partition, offset }: Place): string {
  return `${topic}/${partition}/${offset}`;
}

/** A key that somebody made up must not move the cursor of the terminal. */
function keyOf(key: Letter['key']): string {
  if (key === null) return '–';
  return key.text !== null && /^[\w.:/-]*$/.test(key.text) ? key.text : `base64:${key.base64}`;
}
