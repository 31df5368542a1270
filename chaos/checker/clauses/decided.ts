/** I3: no terminal status without the decision that says so, no decision without an opened event, and the first decision stays. */
import type { Entry, LogRecord } from '../evidence.ts';
import { isOwn } from '../known.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* decided(known: Known): Generator<Violation> {
  const decisions = decisionsById(known);
  for (const row of known.rows) {
    const settled = known.entriesById.get(row.id)?.find(({ version }) => version === 2);
    if (settled === undefined) continue;
    const what = faultOf(known, settled, decisions.get(row.id) ?? []) ?? rowFault(row.decision, settled);
    if (what !== undefined) yield { clause: 'I3', what, witness: `${row.id} ${row.status}`, transactionId: row.id };
  }
  yield* orphans(known);
}

function faultOf(
  known: Known,
  { type, decision, recordedAtMs, transactionId }: Entry,
  made: readonly LogRecord[],
): string | undefined {
  if (decision === null) return 'terminal without a decision';
  if (type !== (decision.outcome === 'APPROVED' ? 'TransactionApproved' : 'TransactionRejected'))
    return 'a decision that says something else';
  if (decision.decidedBy === 'DEADLINE') {
    const decideBy = known.rowById.get(transactionId)?.decideByMs ?? 0;
    return recordedAtMs + clockSkewMaxMs < decideBy ? 'settled by its deadline before that' : undefined;
  }
  // What was decided before the log was wiped, only that log could say.
  const opened = known.entriesById.get(transactionId)?.[0];
  if (opened === undefined || opened.recordedAtMs <= known.kafkaWipedAtMs + wipeMs) return undefined;
  return made.some(({ text }) => outcomeOf(text) === decision.outcome)
    ? undefined
    : 'terminal, and no decision of that outcome on the log';
}

function rowFault(decision: Entry['decision'], settled: Entry): string | undefined {
  return decision?.outcome === settled.decision?.outcome && decision?.decidedBy === settled.decision?.decidedBy
    ? undefined
    : 'a row with another decision than its journal';
}

function* orphans(known: Known): Generator<Violation> {
  for (const { records } of known.epochs) {
    for (const record of records) {
      const id = record.key ?? '';
      if (record.topic !== 'decisions' || !isOwn(record) || known.unknownIds.has(id)) continue;
      if (known.entriesById.get(id)?.[0]?.type !== 'TransactionOpened')
        yield {
          clause: 'I3',
          what: 'a decision about what was never opened',
          witness: `decisions/${record.partition} at ${record.offset}: ${id}`,
        };
    }
  }
}

function decisionsById({ epochs }: Known): ReadonlyMap<string, readonly LogRecord[]> {
  const decisions = epochs.flatMap(({ records }) =>
    records.filter((record) => record.topic === 'decisions' && isOwn(record)),
  );
  return Map.groupBy(decisions, ({ key }) => key ?? '');
}

function outcomeOf(text: string | null): string | undefined {
  return /"outcome":"([A-Z]+)"/.exec(text ?? '')?.[1];
}

const clockSkewMaxMs = 120_000;
/** How long a wipe takes, at the most: what was opened meanwhile may have been on the old log. */
const wipeMs = 30_000;
