/** I7: the dead letters are exactly the poison, with its bytes, headers and place as they were, its cause and its attempts; an outage is never poison. */
import type { LogEpoch, LogRecord } from '../evidence.ts';
import { chaosHeader } from '../evidence.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* deadLetters(known: Known): Generator<Violation> {
  const copies = new Map<string, (readonly [place: string, record: LogRecord])[]>();
  for (const epoch of known.epochs) {
    // A record that was in hand when the log was wiped is set aside on the next one: it is looked for on all logs so far.
    for (const record of epoch.records) {
      const of = copies.get(identityOf(record, record.topic)) ?? [];
      of.push([placeText(epoch, record), record]);
      copies.set(identityOf(record, record.topic), of);
    }
    const kept = new Set<string>();
    for (const letter of epoch.records.filter(({ topic }) => topic.endsWith('.dead'))) {
      const topic = letter.topic.slice(0, -'.dead'.length);
      const at = `${topic} ${letter.headers['verdict-dead-partition']} ${letter.headers['verdict-dead-offset']}`;
      const of = copies.get(identityOf(letter, topic)) ?? [];
      const [place, original] = of.findLast(([where]) => where.endsWith(` ${at}`)) ?? [];
      if (place !== undefined) kept.add(place);
      const what = faultOf(known, letter) ?? differenceOf(letter, original, of.length === 0 && epoch.number > 0);
      if (what !== undefined)
        yield { clause: 'I7', what, witness: tell(epoch, letter), transactionId: idIn(known, letter) };
    }
    yield* missing(known, epoch, kept);
  }
}

/** What was planted has an id of its own; what Verdict made of it, that of its event. */
function identityOf({ headers }: LogRecord, topic: string): string {
  return `${topic} ${headers[chaosHeader] ?? headers['ce_id'] ?? ''}`;
}

function faultOf(known: Known, { topic, key, headers }: LogRecord): string | undefined {
  const planted = known.plantedById.get(headers[chaosHeader] ?? '');
  // What is decided about a transaction that does not exist is poison as well, though Verdict decided it.
  const follows = topic === 'decisions.dead' && known.unknownIds.has(key ?? '');
  if (planted === undefined && !follows) return 'a good record was set aside';
  const expected = planted !== undefined && topic === `${planted.topic}.dead` ? planted.cause : 'unknown_transaction';
  if (headers['verdict-dead-cause'] !== expected)
    return `set aside as ${headers['verdict-dead-cause']}, and it was ${expected}`;
  return /^[1-9]\d*$/.test(headers['verdict-dead-attempts'] ?? '') ? undefined : 'a dead letter without its attempts';
}

/** `gone`: it came onto a log after that was read for the last time before its wipe, and nobody can look at it any more. */
function differenceOf(letter: LogRecord, original: LogRecord | undefined, gone: boolean): string | undefined {
  if (original === undefined) return gone ? undefined : 'a dead letter of a record that is not there';
  if (letter.digest !== original.digest && letter.headers['verdict-dead-value-bytes'] === undefined)
    return 'a dead letter with other bytes';
  if (letter.key !== original.key) return 'a dead letter with another key';
  const lost = Object.entries(original.headers).some(([name, value]) => letter.headers[name] !== value);
  return lost ? 'a dead letter without the headers it came with' : undefined;
}

/** Poison that its group has passed. */
function* missing(known: Known, epoch: LogEpoch, kept: ReadonlySet<string>): Generator<Violation> {
  const passed = passedOffsets(known, epoch.number);
  for (const record of epoch.records) {
    const planted = known.plantedById.get(record.headers[chaosHeader] ?? '');
    if (planted === undefined || record.topic !== planted.topic || kept.has(placeText(epoch, record))) continue;
    if (planted.topic === 'transactions' && planted.unknownId !== undefined) continue; // its decision is the poison
    if (record.offset < (passed.get(`${record.topic} ${record.partition}`) ?? 0))
      yield {
        clause: 'I7',
        what: `poison (${planted.cause}) was passed over without a dead letter`,
        witness: tell(epoch, record),
      };
  }
}

function passedOffsets({ samples }: Known, epoch: number): ReadonlyMap<string, number> {
  const passed = new Map<string, number>();
  for (const { group, committed } of samples.filter((sample) => sample.epoch === epoch)) {
    const topic = group === 'anti-fraud' ? 'transactions' : 'decisions';
    for (const [partition, offset] of committed.entries()) {
      const name = `${topic} ${partition}`;
      passed.set(name, Math.max(offset, passed.get(name) ?? 0));
    }
  }
  return passed;
}

function placeText({ number }: LogEpoch, { topic, partition, offset }: LogRecord): string {
  return `${number} ${topic} ${partition} ${offset}`;
}

function tell({ number }: LogEpoch, { topic, partition, offset, headers }: LogRecord): string {
  const { [chaosHeader]: chaosId = 'not planted', 'verdict-dead-cause': cause = '' } = headers;
  return `log ${number}: ${topic}/${partition} at ${offset} (${chaosId}) ${cause}`;
}

function idIn({ rowById }: Known, { key }: LogRecord): string | undefined {
  return key !== null && rowById.has(key) ? key : undefined;
}
