/**
 * Does to letters what an operator asked for, and writes it down before and after. A re-drive appends the record as it came to the topic that it was for;
 * a discard only says that nobody has to look at it again. A repeat passes over what is done already, unless it is forced; forced, it is harmless.
 */
import type { ActionId, ActionName, Operator, OperatorActions } from '../../persistence/operator-actions.ts';
import { originalOf } from '../../platform/event-log/dead-letter.ts';
import type { LetterPlace } from '../../platform/event-log/dead-letter.ts';
import type { EventLog } from '../../platform/event-log/event-log.ts';
import { Failure } from '../../platform/failure.ts';
import type { FoundLetter } from './scan.ts';

export type ActOptions = {
  readonly log: Pick<EventLog, 'append'>;
  readonly actions: Pick<OperatorActions, 'begin' | 'end'>;
  readonly name: ActionName;
  readonly operator: Operator;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Also what is re-driven or discarded already. */
  readonly force: boolean;
  /** Says what would be done. */
  readonly dryRun: boolean;
};

export type LetterOutcome = {
  readonly place: LetterPlace;
  readonly outcome: 'done' | 'planned' | 'skipped' | 'failed';
  readonly reason?: 'already_re_driven' | 'already_discarded' | 'value_lost' | 'refused';
};

export async function act(options: ActOptions, found: readonly FoundLetter[]): Promise<readonly LetterOutcome[]> {
  const outcomes = new Map<FoundLetter, LetterOutcome>();
  for (const one of found) {
    const { place } = one.letter;
    const reason = skipped(options, one);
    outcomes.set(one, reason === undefined ? { place, outcome: 'planned' } : { place, outcome: 'skipped', reason });
  }
  const planned = found.filter((one) => outcomes.get(one)?.outcome === 'planned');
  if (!options.dryRun) {
    const failed = await carryOut(options, planned);
    for (const one of planned) {
      const { place } = one.letter;
      outcomes.set(one, failed.has(one) ? { place, outcome: 'failed', reason: 'refused' } : { place, outcome: 'done' });
    }
  }
  return [...outcomes.values()];
}

function skipped({ name, force }: ActOptions, { letter, state }: FoundLetter): LetterOutcome['reason'] {
  if (name === 're-drive' && letter.lostValueBytes !== undefined) return 'value_lost';
  if (force) return undefined;
  switch (state) {
    case 'waiting':
      return undefined;
    case 're-driven':
      return 'already_re_driven';
    case 'discarded':
      return 'already_discarded';
  }
}

/** Answers with the letters that the log refuses for good. Where it is away nobody knows what came about, and the actions stay begun. */
async function carryOut(options: ActOptions, planned: readonly FoundLetter[]): Promise<ReadonlySet<FoundLetter>> {
  if (planned.length === 0) return new Set();
  const { actions, name, operator, at } = options;
  const ids = await actions.begin(
    planned.map(({ letter }) => ({
      ...{ name, operator, at },
      letter: { ...letter.place, fingerprint: letter.fingerprint },
    })),
  );
  const failed = name === 'discard' ? new Set<FoundLetter>() : await putBack(options, planned);
  const idsWhere = (isFailed: boolean): readonly ActionId[] =>
    ids.filter((_, index) => {
      const one = planned[index];
      return one !== undefined && failed.has(one) === isFailed;
    });
  await actions.end(idsWhere(false), 'done');
  if (failed.size > 0) await actions.end(idsWhere(true), 'failed');
  return failed;
}

async function putBack(options: ActOptions, planned: readonly FoundLetter[]): Promise<ReadonlySet<FoundLetter>> {
  const failed = new Set<FoundLetter>();
  for (const [topic, ofTopic] of Map.groupBy(planned, ({ letter }) => letter.origin.topic)) {
    for (const one of await appendAll(options, topic, ofTopic)) failed.add(one);
  }
  return failed;
}

/** What the log refuses together is tried one by one. */
async function appendAll(
  options: ActOptions,
  topic: string,
  letters: readonly FoundLetter[],
): Promise<readonly FoundLetter[]> {
  try {
    await options.log.append(
      topic,
      letters.map(({ letter }) => originalOf(letter)),
    );
    return [];
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'event_log_refused') throw error;
    if (letters.length === 1) return letters;
    const failed: FoundLetter[] = [];
    for (const letter of letters) failed.push(...(await appendAll(options, topic, [letter])));
    return failed;
  }
}
