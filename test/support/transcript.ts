/** Compares what streams said with what is true: each transition of each transaction once, PENDING first, and no place in the journal twice or out of order. */
import type { EventStream, Frame } from '../../tools/run/event-stream.ts';
import { parseTransaction } from '../../tools/run/client.ts';
import type { Row } from './audit.ts';
import { within } from './within.ts';

/** The stream must have begun before the first of the rows was opened. */
export async function assertTranscript(
  stream: Pick<EventStream, 'frames' | 'connections'>,
  rows: readonly Row[],
  limitMs = 10_000,
): Promise<void> {
  await within(limitMs, `${2 * rows.length} frames`, () => stream.frames.length >= 2 * rows.length).catch(
    () => undefined,
  );
  const faults = [...faultsOfOrder(stream.frames), ...faultsOfContent(stream.frames, rows)];
  if (faults.length === 0) return;
  const shown = faults.slice(0, 5).join('\n');
  throw new Error(
    `I5: ${faults.length} faults in ${stream.frames.length} frames over ${stream.connections} connections:\n${shown}`,
  );
}

function faultsOfContent(frames: readonly Frame[], rows: readonly Row[]): readonly string[] {
  const said = Map.groupBy(frames.map(read), ({ id }) => id);
  const faults = rows.flatMap(({ id, status }) => {
    const wanted = `transaction.opened PENDING, transaction.${status.toLowerCase()} ${status}`;
    const got = (said.get(id) ?? []).map(({ text }) => text).join(', ');
    return got === wanted ? [] : [`${id}: ${got === '' ? 'nothing' : got}, instead of ${wanted}`];
  });
  const known = new Set(rows.map(({ id }) => id));
  return [...faults, ...[...said.keys()].filter((id) => !known.has(id)).map((id) => `${id} does not exist`)];
}

function read({ event, data }: Frame): { readonly id: string; readonly text: string } {
  const { transactionExternalId: id, transactionStatus } = parseTransaction(data);
  return { id, text: `${event} ${transactionStatus.name}` };
}

function faultsOfOrder(frames: readonly Frame[]): readonly string[] {
  return frames.flatMap(({ id }, index) => {
    const before = frames[index - 1]?.id;
    return before === undefined || isBefore(before, id) ? [] : [`${id} came after ${before}`];
  });
}

/** Ids are opaque to clients; tests know that they are a name and two numbers in base 36. */
function isBefore(one: string, other: string): boolean {
  const [, xidA = '', positionA = ''] = one.split('.');
  const [, xidB = '', positionB = ''] = other.split('.');
  return compare(xidA, xidB) < 0 || (xidA === xidB && compare(positionA, positionB) < 0);
}

/** Without leading zeros the longer one is the larger. */
function compare(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}
