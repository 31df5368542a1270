/** Tells all that is known of one transaction, in the order in which it happened, for whoever has to find the cause. */
import { answeredId, answeredStatus } from './known.ts';
import type { Known } from './known.ts';

const linesMax = 60;

type Line = readonly [atMs: number, text: string];

export function timeline(known: Known, id: string): readonly string[] {
  const row = known.rowById.get(id);
  const lines: readonly Line[] = [...ofRequests(known, id), ...ofJournal(known, id), ...ofStreams(known, id)];
  const first = lines.reduce((least, [atMs]) => Math.min(least, atMs), Number.POSITIVE_INFINITY);
  const told = lines
    .toSorted(([a], [b]) => a - b)
    .map(
      ([atMs, text]) =>
        `${new Date(atMs).toISOString().slice(11, 23)} +${((atMs - first) / 1000).toFixed(3)} s  ${text}`,
    );
  return [
    row === undefined
      ? `${id}: no row`
      : `${id}: ${row.status} at version ${row.version}, ${row.client}, key ${row.key}`,
    ...told.slice(0, linesMax),
    ...ofLog(known, id).slice(0, linesMax),
  ];
}

function ofRequests(known: Known, id: string): readonly Line[] {
  const row = known.rowById.get(id);
  const mine = known.requests.filter(
    (request) =>
      (row !== undefined && request.client === row.client && request.key === row.key) ||
      request.id === id ||
      answeredId(request) === id,
  );
  return mine.flatMap((request): Line[] => {
    const { client, door, method, status, replayed, error } = request;
    const what = `${method} by ${client} at ${door}`;
    const answer =
      status === 0 ? `no answer: ${error ?? ''}` : `${status} ${answeredStatus(request) ?? request.text.slice(0, 160)}`;
    return [
      [request.startMs, what],
      [request.endMs, `${what} ⇒ ${answer}${replayed === true ? ' (replayed)' : ''}`],
    ];
  });
}

function ofJournal({ entriesById, wipes, exits }: Known, id: string): readonly Line[] {
  const entries = entriesById.get(id) ?? [];
  const from = Math.min(...entries.map(({ recordedAtMs }) => recordedAtMs)) - 1_000;
  const to = Math.max(...entries.map(({ recordedAtMs }) => recordedAtMs)) + 5_000;
  const near = (atMs: number): boolean => atMs >= from && atMs <= to;
  return [
    ...entries.map(({ recordedAtMs, version, type, xid, position, decision }): Line => [
      recordedAtMs,
      `journal ${type} version ${version} at (${xid}, ${position})${decision === null ? '' : ` by ${decision.decidedBy}`}`,
    ]),
    ...wipes.filter(({ atMs }) => near(atMs)).map(({ what, atMs }): Line => [atMs, `${what} wiped`]),
    ...exits
      .filter(({ atMs }) => near(atMs))
      .map(({ name, atMs, code, signal }): Line => [atMs, `${name} ended with ${signal ?? code}`]),
  ];
}

function ofStreams({ transcripts }: Known, id: string): readonly Line[] {
  return transcripts.flatMap(({ name, frames }) =>
    frames
      .filter(({ transactionId }) => transactionId === id)
      .map(({ atMs, event, id: frameId }): Line => [atMs, `stream ${name}: ${event}, id ${frameId}`]),
  );
}

function ofLog({ epochs }: Known, id: string): readonly string[] {
  return epochs.flatMap(({ number, records }) =>
    records
      .filter(({ key, headers }) => key === id || headers['ce_subject'] === id)
      .map(
        ({ topic, partition, offset, headers }) =>
          `log ${number}: ${topic}/${partition} at ${offset}: ${headers['ce_id'] ?? 'no id'} ${headers['ce_time'] ?? ''} ${headers['verdict-dead-cause'] ?? ''}`,
      ),
  );
}
