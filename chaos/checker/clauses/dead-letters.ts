/** I7: the dead letters are exactly the poison, with its bytes, headers and place as they were, its cause and its attempts; an outage is never poison. */
import type { LogEpoch, LogRecord } from '../evidence.ts';
import { chaosHeader } from '../evidence.ts';
import type { Known } from '../known.ts';
import type { Violation } from '../violation.ts';

export function* deadLetters(known: Known): Generator<Violation> {
  for (const epoch of known.epochs) {
    const originals = new Map(epoch.records.map((record) => [placeText(record), record]));
    const kept = new Set<string>();
    for (const letter of epoch.records.filter(({ topic }) => topic.endsWith('.dead'))) {
      const { headers } = letter;
      const place = `${letter.topic.slice(0, -'.dead'.length)} ${headers['verdict-dead-partition']} ${headers['verdict-dead-offset']}`;
      kept.add(place);
      const what = faultOf(known, letter, originals.get(place));
      if (what !== undefined)
        yield { clause: 'I7', what, witness: tell(epoch, letter), transactionId: idIn(known, letter) };
    }
    yield* missing(known, epoch, kept);
  }
}

function faultOf(known: Known, letter: LogRecord, original: LogRecord | undefined): string | undefined {
  const { headers } = letter;
  const planted = known.plantedById.get(headers[chaosHeader] ?? '');
  // What is decided about a transaction that does not exist is poison as well, though Verdict decided it.
  const follows = letter.topic === 'decisions.dead' && known.unknownIds.has(letter.key ?? '');
  if (planted === undefined && !follows) return 'a good record was set aside';
  const expected =
    planted !== undefined && letter.topic === `${planted.topic}.dead` ? planted.cause : 'unknown_transaction';
  if (headers['verdict-dead-cause'] !== expected)
    return `set aside as ${headers['verdict-dead-cause']}, and it was ${expected}`;
  if (!/^[1-9]\d*$/.test(headers['verdict-dead-attempts'] ?? '')) return 'a dead letter without its attempts';
  if (original === undefined) return 'a dead letter of a record that is not there';
  if (letter.digest !== original.digest && headers['verdict-dead-value-bytes'] === undefined)
    return 'a dead letter with other bytes';
  if (letter.key !== original.key) return 'a dead letter with another key';
  if (Object.entries(original.headers).some(([name, value]) => headers[name] !== value))
    return 'a dead letter without the headers it came with';
  return undefined;
}

/** Poison that its group has passed. */
function* missing(known: Known, epoch: LogEpoch, kept: ReadonlySet<string>): Generator<Violation> {
  const passed = passedOffsets(known, epoch.number);
  for (const record of epoch.records) {
    const planted = known.plantedById.get(record.headers[chaosHeader] ?? '');
    if (planted === undefined || record.topic !== planted.topic || kept.has(placeText(record))) continue;
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

function placeText({ topic, partition, offset }: LogRecord): string {
  return `${topic} ${partition} ${offset}`;
}

function tell({ number }: LogEpoch, { topic, partition, offset, headers }: LogRecord): string {
  const { [chaosHeader]: chaosId = 'not planted', 'verdict-dead-cause': cause = '' } = headers;
  return `log ${number}: ${topic}/${partition} at ${offset} (${chaosId}) ${cause}`;
}

function idIn({ rowById }: Known, { key }: LogRecord): string | undefined {
  return key !== null && rowById.has(key) ? key : undefined;
}
