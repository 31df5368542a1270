/**
 * How far the journal is published, and whether the log still holds what was published. Only one relay at a time writes there, so the log may hold more than was counted
 * (repeats) and never less; when it does, it was emptied, and the progress goes back by at least `refillMs`, so that readers that were less far behind miss nothing.
 * Each relay takes a turn: what one that was thought dead still has under way must not move the progress of the next one.
 */
import type { JournalCursor } from '../persistence/cursor.ts';
import { journalStart } from '../persistence/cursor.ts';
import type { Statements, Turn } from '../persistence/statements.ts';
import type { Clock } from '../platform/clock.ts';
import type { EventLog } from '../platform/event-log/event-log.ts';
import { retried } from './operators/with-retry.ts';
import type { RetryOptions } from './operators/with-retry.ts';

export type RelayProgressOptions = {
  readonly statements: Pick<Statements, 'loadCursor' | 'saveCursor' | 'takeTurn'>;
  readonly log: Pick<EventLog, 'ends'>;
  readonly topic: string;
  readonly clock: Clock;
  readonly retry: RetryOptions;
  /** What is published again after the log was emptied reaches back this far, and to twice that. */
  readonly refillMs: number;
};

/** The name under which the cursor of the last published page is stored. */
export const relayCursor = 'relay';
/** Where publishing begins again. */
export const relayFloorCursor = 'relay-floor';
/** Its position is the number of records that the log must hold. */
const countCursor = 'relay-count';
const relayTurn = 'relay-turn';

/** While nothing is published, an emptied log stays unseen for so long. */
const lookEveryMs = 1_000;

type Places = {
  readonly turn: Turn;
  readonly at: JournalCursor;
  readonly floor: JournalCursor;
  readonly count: bigint;
};

export class RelayProgress {
  readonly #options: RelayProgressOptions;
  readonly #turn: Turn;
  #at: JournalCursor;
  #floor: JournalCursor;
  /** The floor of the next turn: every `refillMs` the floors move up by one. */
  #nextFloor: JournalCursor;
  #turnedAt: number;
  #count: bigint;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #lost = false;

  private constructor(options: RelayProgressOptions, { turn, at, floor, count }: Places) {
    this.#options = options;
    this.#turn = turn;
    this.#at = at;
    this.#floor = floor;
    this.#nextFloor = at;
    this.#turnedAt = options.clock.elapsed();
    this.#count = count;
  }

  static async load(options: RelayProgressOptions): Promise<RelayProgress> {
    const load = (name: string): Promise<JournalCursor | undefined> =>
      retried(options.retry, () => options.statements.loadCursor(name));
    const turn = await retried(options.retry, () => options.statements.takeTurn(relayTurn));
    const at = (await load(relayCursor)) ?? journalStart;
    const floor = (await load(relayFloorCursor)) ?? journalStart;
    return new RelayProgress(options, { turn, at, floor, count: (await load(countCursor))?.position ?? 0n });
  }

  get at(): JournalCursor {
    return this.#at;
  }

  /** Somebody took a later turn: another relay, or a try of one's own whose reply was lost. Nothing was saved since; whoever is still active loads anew. */
  get lost(): boolean {
    return this.#lost;
  }

  /** True where the log was emptied: `at` has gone back then. To be asked before each append, and otherwise as often as one likes. */
  async wentBack(beforeAppend: boolean): Promise<boolean> {
    const { log, topic, clock, retry } = this.#options;
    if (!beforeAppend && clock.elapsed() - this.#lookedAt < lookEveryMs) return false;
    const held = sum(await retried(retry, () => log.ends(topic)));
    this.#lookedAt = clock.elapsed();
    const emptied = held < this.#count;
    if (emptied) {
      // The count last: a crash before it finds the log emptied once more.
      await this.#save(relayCursor, (this.#at = this.#floor));
      this.#nextFloor = this.#floor;
    }
    this.#count = held;
    if (emptied) await this.#save(countCursor, countOf(held));
    return emptied;
  }

  /** So many records are on the log now that were not there when `wentBack` was asked, and the journal is published up to the cursor. */
  async published(records: number, upTo: JournalCursor): Promise<void> {
    if (records > 0) await this.#save(countCursor, countOf((this.#count += BigInt(records))));
    await this.#save(relayCursor, (this.#at = upTo));
    const { clock, refillMs } = this.#options;
    if (clock.elapsed() - this.#turnedAt < refillMs) return;
    await this.#save(relayFloorCursor, (this.#floor = this.#nextFloor));
    this.#nextFloor = upTo;
    this.#turnedAt = clock.elapsed();
  }

  async #save(name: string, cursor: JournalCursor): Promise<void> {
    const { statements, retry } = this.#options;
    if (!(await retried(retry, () => statements.saveCursor(name, cursor, this.#turn)))) this.#lost = true;
  }
}

function countOf(records: bigint): JournalCursor {
  return { xid: 0n, position: records };
}

function sum(ends: ReadonlyMap<number, bigint>): bigint {
  return [...ends.values()].reduce((all, end) => all + end, 0n);
}
