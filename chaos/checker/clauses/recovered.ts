/** I11: no process needed a human: none ended unasked, each ended well when asked, and in the end every key was answered, every group caught up, every settlement relayed, every stream at its end. */
import { compare, placeOf } from '../cursor-id.ts';
import type { OffsetSample } from '../evidence.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* recovered(known: Known): Generator<Violation> {
  for (const { name, code, signal, asked, lastWords = '' } of known.exits) {
    if (asked === undefined) yield fault('a process ended by itself', `${name} with ${signal ?? code}: ${lastWords}`);
    if (asked === 'SIGTERM' && code !== 0)
      yield fault('a process that was asked to end did not end well', `${name} with ${signal ?? code}: ${lastWords}`);
  }
  for (const [key, posts] of known.postsByKey) {
    const answered = posts.some(({ status }) => status === 201) || posts.every(({ status }) => status === 422);
    if (!answered)
      yield fault(
        'a key that never got its answer',
        `${key}, last ${posts.at(-1)?.status} ${posts.at(-1)?.error ?? ''}`,
      );
  }
  yield* lagging(known);
  yield* notRelayed(known);
  yield* behind(known);
}

function fault(what: string, witness: string, transactionId?: string): Violation {
  return { clause: 'I11', what, witness, transactionId };
}

function* lagging({ samples }: Known): Generator<Violation> {
  const last = new Map<string, OffsetSample>(samples.map((sample) => [sample.group, sample]));
  for (const { group, committed, ends } of last.values()) {
    const topic = group === 'anti-fraud' ? 'transactions' : 'decisions';
    for (const [partition, end] of (ends[topic] ?? []).entries()) {
      const at = committed[partition] ?? -1;
      if (at < end && end > 0)
        yield fault('a group that did not catch up', `${group}: ${topic}/${partition} at ${at} of ${end}`);
    }
  }
}

/** Settlements that became terminal on the log that is there now. */
function* notRelayed({ journal, epochs, kafkaWipedAtMs }: Known): Generator<Violation> {
  const last = epochs.at(-1);
  const told = new Set(last?.records.filter(({ topic }) => topic === 'settlements').map(({ key }) => key));
  for (const { transactionId, type, recordedAtMs } of journal) {
    const settled = type === 'TransactionApproved' || type === 'TransactionRejected';
    if (settled && recordedAtMs > Math.max(kafkaWipedAtMs, last?.startMs ?? 0) && !told.has(transactionId))
      yield fault('a settlement that was not relayed', transactionId, transactionId);
  }
}

function* behind({ journal, transcripts }: Known): Generator<Violation> {
  const end = journal.at(-1);
  for (const { name, lastId } of transcripts) {
    if (end !== undefined && (lastId === '' || compare(placeOf(lastId), end) < 0))
      yield fault(
        'a stream that did not get to the end',
        `${name}: ${lastId}, the journal ends at (${end.xid}, ${end.position})`,
      );
  }
}
