/** I5: a subscriber, over any number of connections and replicas, sees each transition of its filter exactly once and in order, and nothing appears behind an id that it was given. */
import { compare, placeOf } from '../cursor-id.ts';
import type { Place } from '../cursor-id.ts';
import type { Entry, SeenFrame, Transcript } from '../evidence.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* streamed(known: Known): Generator<Violation> {
  for (const transcript of known.transcripts) {
    const { name, refusals } = transcript;
    for (const refusal of refusals.filter(isVerdicts))
      yield { clause: 'I5', what: 'a subscriber was refused', witness: `${name}: ${refusal}` };
    yield* differences(known, transcript);
  }
}

/** 503 is what an outage answers, 429 what too many get; with any other refusal the subscriber cannot go on. */
function isVerdicts(refusal: string): boolean {
  return /^Error: 4(?!29)\d\d /.test(refusal);
}

function* differences(known: Known, transcript: Transcript): Generator<Violation> {
  const { name, frames, firstId } = transcript;
  if (firstId === '') return; // it never got in
  const expected = expectedOf(known, transcript);
  const wanted = new Map(expected.map((entry) => [placeText(entry), entry]));
  const seen = new Map<string, SeenFrame>();
  let before: SeenFrame | undefined;
  for (const frame of frames) {
    const place = placeText(placeOf(frame.id));
    const fault = seen.has(place) ? 'a frame came twice' : faultOf(frame, wanted.get(place), before);
    if (fault !== undefined) yield violation(name, fault, frame);
    seen.set(place, frame);
    before = frame;
  }
  for (const [place, entry] of wanted) {
    if (!seen.has(place))
      yield {
        clause: 'I5',
        what: 'a transition was never shown, and the stream went past it',
        witness: `${name}: ${entry.type} of ${entry.transactionId} at (${entry.xid}, ${entry.position}), stream from ${firstId} to ${transcript.lastId}`,
        transactionId: entry.transactionId,
      };
  }
}

function faultOf(frame: SeenFrame, entry: Entry | undefined, before: SeenFrame | undefined): string | undefined {
  if (entry === undefined) return 'a frame that the filter does not ask for';
  if (entry.transactionId !== frame.transactionId || statusOf(entry) !== frame.status)
    return 'a frame that says something else than the journal';
  return before !== undefined && compare(placeOf(before.id), placeOf(frame.id)) >= 0
    ? 'a frame behind one that was shown'
    : undefined;
}

function expectedOf(
  { journal, rowById }: Known,
  { client, statuses, account, firstId, lastId }: Transcript,
): readonly Entry[] {
  const [first, last] = [placeOf(firstId), placeOf(lastId)];
  return journal.filter((entry) => {
    if (compare(entry, first) <= 0 || compare(entry, last) > 0 || entry.type === 'DecisionSuperseded') return false;
    const row = rowById.get(entry.transactionId);
    if (row === undefined || row.client !== client) return false;
    if (account !== null && row.debit !== account && row.credit !== account) return false;
    return statuses === null || statuses.includes(statusOf(entry));
  });
}

function statusOf({ type }: Entry): string {
  return type === 'TransactionOpened' ? 'PENDING' : type === 'TransactionApproved' ? 'APPROVED' : 'REJECTED';
}

function placeText({ xid, position }: Place): string {
  return `${xid} ${position}`;
}

function violation(name: string, what: string, { id, event, transactionId }: SeenFrame): Violation {
  return { clause: 'I5', what, witness: `${name}: ${event} of ${transactionId}, id ${id}`, transactionId };
}
