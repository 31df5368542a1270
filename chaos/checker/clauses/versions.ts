/** I2: at most one terminal status, versions without a gap and in the journal's order, and nothing leaves a terminal status. */
import { compare } from '../cursor-id.ts';
import type { Entry, Row } from '../evidence.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* versions(known: Known): Generator<Violation> {
  for (const [id, entries] of known.entriesById) {
    const fault = faultOf(entries) ?? mismatch(known.rowById.get(id), entries);
    if (fault !== undefined)
      yield { clause: 'I2', what: fault, witness: `${id}: ${entries.map(tell).join(', ')}`, transactionId: id };
  }
}

const terminal: ReadonlySet<string> = new Set(['TransactionApproved', 'TransactionRejected']);

/** Entries come in the order of the journal. */
function faultOf(entries: readonly Entry[]): string | undefined {
  if (entries.some(({ version }, index) => version !== index + 1))
    return 'versions with a gap, a repeat or in the wrong order';
  if (entries.filter(({ type }) => terminal.has(type)).length > 1) return 'more than one terminal status';
  if (entries.some((entry, index) => index > 0 && compare(entries[index - 1] ?? entry, entry) >= 0))
    return 'a version behind its successor';
  const [first, second, third, ...more] = entries.map(({ type }) => type);
  if (first !== 'TransactionOpened') return 'a history that does not begin with its opening';
  if (second !== undefined && !terminal.has(second)) return 'a second version that is not terminal';
  if ((third !== undefined && third !== 'DecisionSuperseded') || more.length > 0)
    return 'something left a terminal status';
  return undefined;
}

function mismatch(row: Row | undefined, entries: readonly Entry[]): string | undefined {
  if (row === undefined) return undefined; // a phantom: another clause's
  const settled = entries.find(({ type }) => terminal.has(type));
  const status = settled === undefined ? 'PENDING' : settled.type === 'TransactionApproved' ? 'APPROVED' : 'REJECTED';
  return row.status === status && row.version === entries.length
    ? undefined
    : `the row says ${row.status} at version ${row.version}`;
}

function tell({ version, type, xid, position }: Entry): string {
  return `${version} ${type} (${xid}, ${position})`;
}
