/** I6: at no time did a committed offset stand past a record whose effect was not durable by then: applied, known as a repeat, or set aside. */
import type { LogEpoch, LogRecord, OffsetSample, TopicName } from '../evidence.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* committedOffsets(known: Known): Generator<Violation> {
  for (const epoch of known.epochs) {
    const samples = known.samples.filter((sample) => sample.epoch === epoch.number);
    yield* ofGroup(
      known,
      epoch,
      samples.filter(({ group }) => group === 'anti-fraud'),
      screened(known, epoch),
    );
    yield* ofGroup(
      known,
      epoch,
      samples.filter(({ group }) => group === 'settlement'),
      settled(known, epoch),
    );
  }
}

/** Whether the effect of a record was there when the sample was taken; undefined where nobody can know any more. */
type Effect = {
  readonly topic: TopicName;
  readonly done: (record: LogRecord, sample: OffsetSample) => boolean | undefined;
};

function* ofGroup(
  known: Known,
  epoch: LogEpoch,
  samples: readonly OffsetSample[],
  effect: Effect,
): Generator<Violation> {
  const records = epoch.records.filter(({ topic }) => topic === effect.topic);
  const byPartition = [...Map.groupBy(records, ({ partition }) => partition)];
  for (const [partition, ofPartition] of byPartition) {
    const inOrder = ofPartition.toSorted((a, b) => a.offset - b.offset);
    // A record is looked at for the first sample that stood past it: what is durable then stays so.
    let next = 0;
    for (const sample of samples) {
      const committed = sample.committed[partition] ?? -1;
      for (let record = inOrder[next]; record !== undefined && record.offset < committed; record = inOrder[++next]) {
        if (effect.done(record, sample) !== false) continue;
        const witness = `${effect.topic}/${partition} at ${record.offset} (${record.headers['ce_id'] ?? 'no id'}), ${sample.group} had committed ${committed}, log ${epoch.number}`;
        yield {
          clause: 'I6',
          what: 'an offset was committed before its effect',
          witness,
          transactionId: idIn(known, record),
        };
      }
    }
  }
}

function screened(known: Known, epoch: LogEpoch): Effect {
  const letters = lettersOf(epoch, 'transactions');
  const decisions = Map.groupBy(
    epoch.records.filter(({ topic }) => topic === 'decisions'),
    ({ headers }) => headers['ce_id'] ?? '',
  );
  return {
    topic: 'transactions',
    done: (record, { ends }) => {
      if (letters.get(placeOf(record))?.some((letter) => isBefore(letter, ends)) === true) return true;
      const opened = record.headers['ce_id'] ?? '';
      const decision = opened.replace('/opened/', '/decision/');
      if (decisions.get(decision)?.some((made) => isBefore(made, ends)) === true) return true;
      // Decided on a log that is no more; the mark of it may be in Redis still.
      return epoch.number > 0 && openedBefore(known, epoch, record) ? undefined : false;
    },
  };
}

function settled(known: Known, epoch: LogEpoch): Effect {
  const letters = lettersOf(epoch, 'decisions');
  return {
    topic: 'decisions',
    done: (record, { ends, atMs }) => {
      if (letters.get(placeOf(record))?.some((letter) => isBefore(letter, ends)) === true) return true;
      const entry = known.entriesById.get(record.key ?? '')?.find(({ version }) => version === 2);
      return entry !== undefined && entry.recordedAtMs <= atMs;
    },
  };
}

function lettersOf(epoch: LogEpoch, topic: 'transactions' | 'decisions'): ReadonlyMap<string, readonly LogRecord[]> {
  const letters = epoch.records.filter((record) => record.topic === `${topic}.dead`);
  return Map.groupBy(
    letters,
    ({ headers }) => `${headers['verdict-dead-partition']} ${headers['verdict-dead-offset']}`,
  );
}

function placeOf({ partition, offset }: LogRecord): string {
  return `${partition} ${offset}`;
}

/** Ends were asked for after the committed offsets, so what is durable for them was there. */
function isBefore({ topic, partition, offset }: LogRecord, ends: OffsetSample['ends']): boolean {
  return offset < (ends[topic]?.[partition] ?? 0);
}

function openedBefore({ entriesById }: Known, { startMs }: LogEpoch, { key }: LogRecord): boolean {
  const opened = entriesById.get(key ?? '')?.[0];
  return opened !== undefined && opened.recordedAtMs <= startMs;
}

function idIn({ rowById }: Known, { key }: LogRecord): string | undefined {
  return key !== null && rowById.has(key) ? key : undefined;
}
