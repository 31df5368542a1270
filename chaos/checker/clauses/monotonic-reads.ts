/** I12: after its 201 a transaction is never 404 to its client, and whoever has seen it terminal, in an answer or a frame, never sees it PENDING again. */
import type { ClientRequest } from '../evidence.ts';
import { answeredId, answeredStatus } from '../known.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* monotonicReads(known: Known): Generator<Violation> {
  const opened = firstTimes(
    known.requests
      .filter(({ status, method }) => status === 201 && method === 'POST')
      .map((request) => [seenBy(request), request.endMs]),
  );
  const settled = firstTimes(terminalSightings(known));
  for (const request of known.requests) {
    const { method, id, client, startMs, status } = request;
    if (method !== 'GET' || id === undefined) continue;
    const sight = `${client} ${id}`;
    const acknowledgedMs = opened.get(sight) ?? Number.POSITIVE_INFINITY;
    if (status === 404 && startMs >= acknowledgedMs)
      yield { clause: 'I12', what: '404 after 201', witness: tell(request, acknowledgedMs), transactionId: id };
    const settledMs = settled.get(sight) ?? Number.POSITIVE_INFINITY;
    if (status === 200 && answeredStatus(request) === 'PENDING' && startMs >= settledMs)
      yield { clause: 'I12', what: 'PENDING after terminal', witness: tell(request, settledMs), transactionId: id };
  }
}

function terminalSightings({ requests, transcripts }: Known): readonly (readonly [string, number])[] {
  const answers = requests.filter((request) => {
    const status = answeredStatus(request);
    return status === 'APPROVED' || status === 'REJECTED';
  });
  return [
    ...answers.map((request) => [seenBy(request), request.endMs] as const),
    ...transcripts.flatMap(({ client, frames }) =>
      frames
        .filter(({ status }) => status !== 'PENDING')
        .map(({ transactionId, atMs }) => [`${client} ${transactionId}`, atMs] as const),
    ),
  ];
}

function seenBy(request: ClientRequest): string {
  return `${request.client} ${answeredId(request)}`;
}

function firstTimes(sightings: Iterable<readonly [string, number]>): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const [sight, atMs] of sightings) first.set(sight, Math.min(atMs, first.get(sight) ?? atMs));
  return first;
}

function tell({ client, door, id, startMs }: ClientRequest, sinceMs: number): string {
  return `${client} asked ${door} for ${id}, ${startMs - sinceMs} ms after it knew better`;
}
