/** Where an operator looks at dead letters, puts them back, or sets them aside for good: one bounded step at a time, each step naming the next. */
import type { ActionName, Operator, OperatorActions } from '../../persistence/operator-actions.ts';
import type { Clock } from '../../platform/clock.ts';
import type { EventLog } from '../../platform/event-log/event-log.ts';
import type { LetterPlace } from '../../platform/event-log/dead-letter.ts';
import type { Topics } from '../topics.ts';
import { deadTopic } from '../topics.ts';
import { act } from './act.ts';
import type { LetterOutcome } from './act.ts';
import { formatLanes, openLanes, originNamed, originsOf, parseLanes } from './lanes.ts';
import type { Lane } from './lanes.ts';
import { letterAt, scan } from './scan.ts';
import type { FoundLetter, LetterFilter } from './scan.ts';

export type DeadLetterDeskOptions = {
  readonly log: Pick<EventLog, 'append' | 'ends' | 'read'>;
  readonly actions: OperatorActions;
  readonly topics: Topics;
  readonly clock: Clock;
};

export type LetterQuery = LetterFilter & {
  /** Of the record, or of its dead letters. */
  readonly topic?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
};

export type LetterRefusal = 'unknown_topic' | 'malformed_cursor';

/** A page may hold fewer letters than asked for, and none, although more follow. */
export type LetterPage = { readonly found: readonly FoundLetter[]; readonly next: string | null };

export type ActionRequest = {
  readonly name: ActionName;
  readonly operator: Operator;
  readonly letters: LetterPlace | LetterQuery;
  readonly force: boolean;
  readonly dryRun: boolean;
};

export type ActionReport = { readonly letters: readonly LetterOutcome[]; readonly next: string | null };

export class DeadLetterDesk {
  readonly #options: DeadLetterDeskOptions;

  constructor(options: DeadLetterDeskOptions) {
    this.#options = options;
  }

  async list(query: LetterQuery): Promise<LetterPage | LetterRefusal> {
    const { log, actions, topics } = this.#options;
    const lanes = await this.#lanes(query);
    if (typeof lanes === 'string') return lanes;
    const { found, rest } = await scan({ log, actions, lanes, filter: query, limit: query.limit });
    return { found, next: rest.length === 0 ? null : formatLanes(topics, rest) };
  }

  async read({ topic, partition, offset }: LetterPlace): Promise<FoundLetter | undefined> {
    const origin = originNamed(this.#options.topics, topic);
    if (origin === undefined) return undefined;
    return letterAt(this.#options, { origin, topic: deadTopic(origin), partition, from: offset });
  }

  /** Undefined where the one letter that was named is not there. */
  async act(request: ActionRequest): Promise<ActionReport | LetterRefusal | undefined> {
    const { letters, ...how } = request;
    const options = { ...this.#options, ...how, at: this.#options.clock.now() };
    if ('offset' in letters) {
      const found = await this.read(letters);
      return found === undefined ? undefined : { letters: await act(options, [found]), next: null };
    }
    const page = await this.list(letters);
    return typeof page === 'string' ? page : { letters: await act(options, page.found), next: page.next };
  }

  async #lanes({ topic, cursor }: LetterQuery): Promise<readonly Lane[] | LetterRefusal> {
    const { log, topics } = this.#options;
    if (cursor !== undefined) return parseLanes(topics, cursor) ?? 'malformed_cursor';
    if (topic === undefined) return openLanes(log, originsOf(topics));
    const origin = originNamed(topics, topic);
    return origin === undefined ? 'unknown_topic' : openLanes(log, [origin]);
  }
}
