/** Looks along the lanes for letters that match, oldest first in each, up to a number of letters, of bytes, and of records looked at. */
import type { LetterState, OperatorAction, OperatorActions } from '../../persistence/operator-actions.ts';
import { letterState } from '../../persistence/operator-actions.ts';
import type { DeadLetter } from '../../platform/event-log/dead-letter.ts';
import { readDeadLetter } from '../../platform/event-log/dead-letter.ts';
import type { EventLog, LogRecord } from '../../platform/event-log/event-log.ts';
import type { Lane } from './lanes.ts';

export type FoundLetter = {
  readonly letter: DeadLetter;
  readonly state: LetterState;
  /** Oldest first. */
  readonly actions: readonly OperatorAction[];
};

export type LetterFilter = {
  readonly cause?: string | undefined;
  /** Set aside then or later; milliseconds since the epoch. */
  readonly since?: number | undefined;
  /** The record's key, which is the id of its transaction where it has one. */
  readonly transactionId?: string | undefined;
  readonly state?: LetterState | undefined;
};

export type ScanOptions = {
  readonly log: Pick<EventLog, 'read'>;
  readonly actions: Pick<OperatorActions, 'about'>;
  readonly lanes: readonly Lane[];
  readonly filter: LetterFilter;
  /** Letters that are found, at the most. */
  readonly limit: number;
};

export type Scan = {
  readonly found: readonly FoundLetter[];
  /** What was not looked at; nothing where all was. */
  readonly rest: readonly Lane[];
};

/** Records looked at in one call: some hundred milliseconds, however rare a match is. */
const recordsMax = 5_000;
const pageMax = 500;
/** Of values that are found, before the last one. */
const bytesMax = 4 * 1024 * 1024;

export async function scan(options: ScanOptions): Promise<Scan> {
  const found: FoundLetter[] = [];
  let [lane, ...rest] = options.lanes;
  let records = 0;
  let bytes = 0;
  while (lane !== undefined && records < recordsMax) {
    const { origin, topic, partition, from, end } = lane;
    const page = await options.log.read({ topic, partition, from, limit: pageMax });
    const matching = await matches(
      options,
      origin,
      page.records.filter(({ offset }) => offset < end),
    );
    for (const one of matching) {
      if (found.length >= options.limit || bytes >= bytesMax) {
        return { found, rest: [{ ...lane, from: one.letter.place.offset }, ...rest] };
      }
      found.push(one);
      bytes += one.letter.value?.length ?? 0;
    }
    records += page.records.length;
    if (page.next > from && page.next < end) lane = { ...lane, from: page.next };
    else [lane, ...rest] = rest;
  }
  return { found, rest: lane === undefined ? [] : [lane, ...rest] };
}

/** The letter that lies there. */
export async function letterAt(
  options: Pick<ScanOptions, 'log' | 'actions'>,
  { origin, topic, partition, from }: Omit<Lane, 'end'>,
): Promise<FoundLetter | undefined> {
  const { records } = await options.log.read({ topic, partition, from, limit: 1 });
  const [found] = await matches(
    { ...options, filter: {} },
    origin,
    records.filter(({ offset }) => offset === from),
  );
  return found;
}

async function matches(
  { actions, filter }: Pick<ScanOptions, 'actions' | 'filter'>,
  origin: string,
  records: readonly LogRecord[],
): Promise<readonly FoundLetter[]> {
  const letters = records.map((record) => readDeadLetter(record, origin)).filter((letter) => passes(filter, letter));
  if (letters.length === 0) return [];
  const all = await actions.about(letters.map(({ place, fingerprint }) => ({ ...place, fingerprint })));
  const byLetter = Map.groupBy(all, ({ letter }) => letter.fingerprint);
  return letters
    .map((letter) => {
      const mine = (byLetter.get(letter.fingerprint) ?? []).filter((one) => one.letter.offset === letter.place.offset);
      return { letter, state: letterState(mine), actions: mine };
    })
    .filter(({ state }) => filter.state === undefined || filter.state === state);
}

function passes({ cause, since, transactionId }: LetterFilter, letter: DeadLetter): boolean {
  return (
    (cause === undefined || letter.cause === cause) &&
    (since === undefined || letter.setAsideAtMs >= since) &&
    (transactionId === undefined || letter.key?.toString() === transactionId)
  );
}
