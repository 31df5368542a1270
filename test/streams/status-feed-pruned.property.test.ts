/** Whatever is pruned while they read: followers see a whole stretch of the journal from their start on, and are refused at its end rather than led past a gap. */
import fc from 'fast-check';
import * as assert from 'uvu/assert';

import { compareCursors } from '../../src/persistence/cursor.ts';
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import type { JournalEntry, JournalPage } from '../../src/persistence/statements.ts';
import { StatusFeed } from '../../src/streams/status-feed.ts';
import { codeOf } from '../support/code-of.ts';
import { MemoryStatements } from '../support/memory-statements.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction } from '../support/transactions.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const test = suite('status feed, pruned meanwhile');

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('open' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('settle' as const), which: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 400 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('prune' as const), limit: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const), back: fc.nat(12) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('pull' as const), which: fc.nat(9) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class Follower {
  readonly seen: JournalEntry[] = [];
  readonly start: JournalCursor;
  readonly #batches: AsyncGenerator<{ readonly entries: readonly JournalEntry[] }, void>;
  readonly #leaving = new AbortController();
  #pulling: Promise<void> | undefined;
  refused: unknown;

  constructor(feed: StatusFeed, start: JournalCursor) {
    this.start = start;
    this.#batches = feed.follow(start, this.#leaving.signal);
  }

  pull(): void {
    if (this.refused !== undefined) return;
    const take = async (): Promise<void> => {
      const { value } = await this.#batches.next();
      this.#pulling = undefined;
      this.seen.push(...(value?.entries ?? []));
    };
    this.#pulling ??= codeOf(take()).then((code) => {
      if (code !== 'no failure') this.refused = code;
    });
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#pulling;
    await this.#batches.return();
  }
}

let refusals = 0;
let completions = 0;

async function play(steps: readonly Step[], replyMs: number): Promise<void> {
  const clock = new VirtualClock(Date.UTC(2026, 0, 2));
  const statements = new MemoryStatements({ clock });
  const readJournal = async (after: JournalCursor, limit: number): Promise<JournalPage> => {
    const page = await statements.readJournal(after, limit);
    await clock.sleep(replyMs);
    return page;
  };
  const retry = { clock, entropy: { fraction: () => 0.5 }, firstMs: 50, maxMs: 1_000 };
  const feed = new StatusFeed({
    ...{ statements: { readJournal, horizon: () => statements.horizon() }, clock, retry, ringMax: 3, pageMax: 3 },
    ...{ pollMs: 200, paceMs: 10, lingerMs: 100, directReadsMax: 2, directPageMax: 2 },
  });
  const starts = [await statements.horizon()];
  const [first] = starts;
  const all: JournalEntry[] = [];
  const note = async (): Promise<void> => {
    const { entries } = await statements.readJournal(
      all.at(-1)?.cursor ?? first ?? (await statements.horizon()),
      1_000,
    );
    all.push(...entries);
    starts.push(await statements.horizon(), ...entries.map(({ cursor }) => cursor));
  };
  const followers: Follower[] = [];
  const pending: ReturnType<typeof openedTransaction>[] = [];
  let number = 0;
  for (const one of steps) {
    switch (one.do) {
      case 'open': {
        const batch = Array.from({ length: one.count }, () => openedTransaction((number += 1)));
        pending.push(...batch);
        await statements.open(batch.map((transaction) => ({ transaction, answerVersion: 1 })));
        break;
      }
      case 'settle': {
        const [transaction] = pending.splice(one.which % Math.max(1, pending.length), 1);
        if (transaction === undefined) break;
        const event = { type: 'TransactionApproved', at: 0, decision: approval } as const;
        await statements.change([{ id: transaction.id, expectedVersion: 1, event }]);
        break;
      }
      case 'wait':
        await clock.advance(one.ms);
        break;
      case 'prune':
        await statements.saveCursor('relay', await statements.horizon());
        await statements.prune({
          after: undefined,
          olderThanMs: 100,
          limit: one.limit,
          readers: ['relay'],
          dryRun: false,
        });
        break;
      case 'join': {
        const start = starts.at(-1 - (one.back % starts.length));
        if (start !== undefined && (await statements.lookUpCursor(start)) === 'known')
          followers.push(new Follower(feed, start));
        break;
      }
      case 'pull':
        followers[one.which % Math.max(1, followers.length)]?.pull();
        break;
    }
    await note();
  }
  const wanted = (start: JournalCursor): readonly JournalCursor[] =>
    all.map(({ cursor }) => cursor).filter((cursor) => compareCursors(cursor, start) > 0);
  await clock.until(60_000, 'everybody to have everything, or a refusal', () => {
    for (const follower of followers) follower.pull();
    return followers.every(({ seen, start, refused }) => refused !== undefined || seen.length >= wanted(start).length);
  });
  for (const { seen, start, refused } of followers) {
    const whole = wanted(start);
    assert.equal(
      seen.map(({ cursor }) => cursor),
      whole.slice(0, seen.length),
    );
    if (refused === undefined) assert.is(seen.length, whole.length);
    else assert.is(refused, 'journal_pruned');
    if (refused === undefined) completions += 1;
    else refusals += 1;
  }
  await Promise.all(followers.map((follower) => follower.leave()));
  const closed = feed[Symbol.asyncDispose]();
  await clock.advance(1_000);
  await closed;
}

test('nobody skips anything, and nobody is refused for nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80 }), fc.integer({ min: 0, max: 50 }), play),
    {
      numRuns: 600,
    },
  );
  assert.ok(refusals > 50 && completions > 50, `${refusals} refused, ${completions} complete`);
}, 60_000);

test.run();
