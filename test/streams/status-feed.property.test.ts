/** Whatever commits, holds the horizon back, lags, leaves and comes back: each subscriber sees every entry that it asks for after its start exactly once, in cursor order, and its place never goes back. */
import fc from 'fast-check';
import * as assert from 'uvu/assert';

import { compareCursors, journalStart } from '../../src/persistence/cursor.ts';
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import type { JournalEntry, JournalPage } from '../../src/persistence/statements.ts';
import type { Interest } from '../../src/streams/following.ts';
import { StatusFeed } from '../../src/streams/status-feed.ts';
import { MemoryStatements } from '../support/memory-statements.ts';
import { suite } from '../support/suite.ts';
import type { AccountId } from '../../src/transaction/ids.ts';
import { accountId, openedTransaction } from '../support/transactions.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const test = suite('status feed, any interleaving');

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('commit' as const), rows: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('begin' as const), rows: fc.integer({ min: 0, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wake' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 400 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const), atStart: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pull' as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reconnect' as const), which: fc.nat(9) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Unit = ReturnType<MemoryStatements['begin']>;

type Asked = Omit<Interest, 'passedOver'>;

/** One subscriber over all its connections: it takes a batch only when told, and knows the last cursor it was given. */
class Subscriber {
  readonly seen: JournalEntry[] = [];
  readonly start: JournalCursor;
  readonly #feed: StatusFeed;
  readonly #interest: Interest;
  #cursor: JournalCursor;
  #leaving = new AbortController();
  #batches: AsyncGenerator<{ readonly entries: readonly JournalEntry[]; readonly cursor: JournalCursor }, void>;
  #pulling: Promise<void> | undefined;

  constructor(feed: StatusFeed, start: JournalCursor, asked: Asked) {
    this.#feed = feed;
    this.#interest = { ...asked, passedOver: (upTo) => this.#moveTo(upTo) };
    this.start = start;
    this.#cursor = start;
    this.#batches = feed.follow(start, this.#leaving.signal, this.#interest);
  }

  wants(entry: JournalEntry): boolean {
    return compareCursors(entry.cursor, this.start) > 0 && this.#interest.passes(entry);
  }

  /** Asks for the next batch unless it is still asking. */
  pull(): void {
    this.#pulling ??= this.#batches.next().then(({ value }) => {
      this.#pulling = undefined;
      if (value === undefined) return;
      this.seen.push(...value.entries);
      this.#moveTo(value.cursor);
    });
  }

  async reconnect(): Promise<void> {
    await this.leave();
    this.#leaving = new AbortController();
    this.#batches = this.#feed.follow(this.#cursor, this.#leaving.signal, this.#interest);
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#pulling;
    await this.#batches.return();
  }

  #moveTo(cursor: JournalCursor): void {
    assert.ok(compareCursors(cursor, this.#cursor) > 0, 'a place never goes back');
    this.#cursor = cursor;
  }
}

/** In turn they ask for everything, for half of it, for what never comes, and for either side of one account by its name. */
const interests: readonly Asked[] = [
  { passes: () => true },
  { passes: ({ transaction }) => Number.parseInt(transaction.opened.id.slice(-12), 16) % 2 === 0 },
  { passes: () => false },
  { passes: (entry) => touches(entry, accountId(1)), touching: accountId(1) },
];

function touches({ transaction }: JournalEntry, account: AccountId): boolean {
  const { debitAccountId, creditAccountId } = transaction.opened;
  return account === debitAccountId || account === creditAccountId;
}

type Sizes = { readonly ringMax: number; readonly pageMax: number; readonly replyMs: number; readonly modest: boolean };

/** Replies come late, so that what they say is no longer all there is, and (where modest) name no further place than the last entry. */
function slowed(statements: MemoryStatements, clock: VirtualClock, { replyMs, modest }: Sizes) {
  return {
    horizon: () => statements.horizon(),
    readJournal: async (after: JournalCursor, limit: number): Promise<JournalPage> => {
      const page = await statements.readJournal(after, limit);
      await clock.sleep(replyMs);
      return modest ? { ...page, next: page.entries.at(-1)?.cursor ?? after } : page;
    },
  };
}

async function play(steps: readonly Step[], sizes: Sizes): Promise<void> {
  const clock = new VirtualClock();
  const statements = new MemoryStatements({ clock });
  const retry = { clock, entropy: { fraction: () => 0.5 }, firstMs: 50, maxMs: 1_000 };
  const feed = new StatusFeed({
    ...{ statements: slowed(statements, clock, sizes), clock, retry, ringMax: sizes.ringMax, pageMax: sizes.pageMax },
    ...{ pollMs: 200, paceMs: 10, lingerMs: 100, directReadsMax: 2, directPageMax: 4 },
  });
  const subscribers: Subscriber[] = [];
  const join = (start: JournalCursor): void => {
    const asked = interests[subscribers.length % interests.length] ?? { passes: () => true };
    subscribers.push(new Subscriber(feed, start, asked));
  };
  join(journalStart);
  const units: Unit[] = [];
  let number = 0;
  const write = (unit: Unit, rows: number): void => {
    for (let row = 0; row < rows; row += 1) {
      number += 1;
      const accounts = {
        debitAccountId: accountId(number % 3),
        creditAccountId: accountId(Math.floor(number / 3) % 3),
      };
      const transaction = openedTransaction(number, accounts);
      unit.write([{ type: 'TransactionOpened', at: 0, transaction }], transaction.id);
    }
  };
  for (const one of steps) {
    switch (one.do) {
      case 'commit': {
        const unit = statements.begin();
        write(unit, one.rows);
        unit.commit();
        break;
      }
      case 'begin': {
        const unit = statements.begin();
        write(unit, one.rows);
        units.push(unit);
        break;
      }
      case 'end': {
        const [unit] = units.splice(one.which % Math.max(1, units.length), 1);
        if (unit !== undefined) write(unit, 1);
        unit?.commit();
        break;
      }
      case 'wake':
        feed.wake();
        break;
      case 'wait':
        await clock.advance(one.ms);
        break;
      case 'join':
        join(one.atStart ? journalStart : await statements.horizon());
        break;
      case 'pull':
        subscribers[one.which % subscribers.length]?.pull();
        break;
      case 'reconnect':
        await subscribers[one.which % subscribers.length]?.reconnect();
        break;
    }
  }
  for (const unit of units) unit.commit();
  const { entries } = await statements.readJournal(journalStart, 100_000);
  const wanted = (subscriber: Subscriber): readonly string[] =>
    entries.filter((entry) => subscriber.wants(entry)).map(({ transaction }) => transaction.opened.id);
  await clock.until(60_000, 'everybody to have everything', () => {
    for (const subscriber of subscribers) subscriber.pull();
    return subscribers.every((subscriber) => subscriber.seen.length >= wanted(subscriber).length);
  });
  await clock.advance(1_000);
  for (const subscriber of subscribers)
    assert.equal(
      subscriber.seen.map(({ transaction }) => transaction.opened.id),
      wanted(subscriber),
    );
  await Promise.all(subscribers.map((subscriber) => subscriber.leave()));
  const closed = feed[Symbol.asyncDispose]();
  await clock.advance(1_000);
  await closed;
}

test('each subscriber sees each entry once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 80 }),
      fc.record({
        ringMax: fc.integer({ min: 1, max: 8 }),
        pageMax: fc.integer({ min: 1, max: 5 }),
        replyMs: fc.integer({ min: 0, max: 50 }),
        modest: fc.boolean(),
      }),
      play,
    ),
    { numRuns: 1_500 },
  );
}, 60_000);

test.run();
