/** One reader for all who follow, none while nobody does, and every follower sees each entry once, in order. */
import * as assert from 'uvu/assert';

import type { JournalCursor } from '../../src/persistence/cursor.ts';
import { journalStart } from '../../src/persistence/cursor.ts';
import type { JournalEntry, Statements } from '../../src/persistence/statements.ts';
import { StatusFeed } from '../../src/streams/status-feed.ts';
import type { StatusFeedOptions } from '../../src/streams/status-feed.ts';
import { MemoryStatements } from '../support/memory-statements.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction, transactionId } from '../support/transactions.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { withFaults } from '../support/with-faults.ts';

const test = suite('status feed');

test('nothing is read while nobody follows or watches, and again nothing some time after the last one left', async () => {
  const { clock, feed, calls } = world();
  feed.wake();
  await clock.advance(60_000);
  assert.equal(calls, []);
  const watch = feed.watch();
  await clock.advance(10_000);
  assert.ok(calls.length > 5);
  watch[Symbol.dispose]();
  watch[Symbol.dispose]();
  assert.is(feed.leases, 0);
  await clock.advance(5_000);
  const count = calls.length;
  await clock.advance(60_000);
  assert.is(calls.length, count);
});

test('the reader takes the horizon before it reads, and reads what a wake announces at once', async () => {
  const { clock, feed, calls, statements } = world();
  await open(statements, 1);
  const follower = follow(feed, await statements.horizon());
  await clock.advance(0);
  assert.equal(calls.slice(0, 2), ['horizon', 'readJournal']);
  await open(statements, 2);
  feed.wake();
  await clock.advance(20);
  assert.equal(follower.seen, ['opened 2']);
  await open(statements, 3);
  await clock.advance(1_000);
  assert.equal(follower.seen, ['opened 2', 'opened 3'], 'the slow poll finds what no wake announced');
  await follower.leave();
});

test('what a running unit of work holds back comes soon after its commit, without a wake', async () => {
  const { clock, feed, statements } = world();
  const unit = statements.begin();
  const follower = follow(feed, journalStart);
  await open(statements, 1);
  feed.wake();
  await clock.advance(100);
  assert.equal(follower.seen, []);
  const transaction = openedTransaction(2);
  unit.write([{ type: 'TransactionOpened', at: 0, transaction }], transaction.id);
  unit.commit();
  await clock.until(300, 'both entries', () => follower.seen.length === 2);
  assert.equal(follower.seen, ['opened 2', 'opened 1'], 'in cursor order');
  await follower.leave();
});

test('who comes from far behind reads pages of the journal until it meets the ring', async () => {
  const { clock, feed, statements } = world({ ringMax: 3, pageMax: 4 });
  for (let number = 0; number < 30; number += 1) await open(statements, number);
  const follower = follow(feed, journalStart);
  await clock.advance(100);
  for (let number = 30; number < 40; number += 1) {
    await open(statements, number);
    feed.wake();
    await clock.advance(20);
  }
  assert.equal(
    follower.seen,
    Array.from({ length: 40 }, (_, number) => `opened ${number}`),
  );
  await follower.leave();
});

test('a thousand followers at one place cost one read', async () => {
  const { clock, feed, statements, calls } = world({ pageMax: 100, directPageMax: 100 });
  for (let number = 0; number < 30; number += 1) await open(statements, number);
  const followers = Array.from({ length: 1_000 }, () => follow(feed, journalStart));
  await clock.until(1_000, 'all of them to be there', () => followers.every(({ seen }) => seen.length === 30));
  assert.ok(calls.filter((call) => call === 'readJournal').length < 5);
  await Promise.all(followers.map(({ leave }) => leave()));
});

test('what a follower does not ask for wakes it never, and moves it on', async () => {
  const { clock, feed, statements } = world();
  const places: JournalCursor[] = [];
  const looked: string[] = [];
  const interest = {
    passes: ({ transaction }: JournalEntry) => looked.push(transaction.opened.id) > 0 && isNumber(3, transaction),
    passedOver: (upTo: JournalCursor) => places.push(upTo),
  };
  const leaving = new AbortController();
  const following = feed.follow(await statements.horizon(), leaving.signal, interest);
  let batches = 0;
  const next = following.next().finally(() => (batches += 1));
  await clock.advance(100);
  for (const number of [1, 2]) {
    await open(statements, number);
    feed.wake();
    await clock.advance(50);
  }
  assert.equal([batches, places, looked], [0, await cursors(statements), [transactionId(1), transactionId(2)]]);
  await open(statements, 3);
  await open(statements, 4);
  feed.wake();
  await clock.advance(50);
  const { value: batch } = await next;
  assert.ok(batch);
  assert.equal(
    [batch.entries.map(({ transaction }) => transaction.opened.id), batch.cursor],
    [[transactionId(3)], (await cursors(statements)).at(-1)],
  );
  assert.is(places.length, 2, 'a batch says by itself how far it goes');
  leaving.abort();
  await following.return();
});

test('of a page that does not touch what a follower names no entry is looked at, and of one that does all are', async () => {
  const { clock, feed, statements } = world();
  const places: JournalCursor[] = [];
  const looked: string[] = [];
  const interest = {
    passes: ({ transaction }: JournalEntry) => looked.push(transaction.opened.id) > 0 && isNumber(3, transaction),
    touching: transactionId(3),
    passedOver: (upTo: JournalCursor) => places.push(upTo),
  };
  const leaving = new AbortController();
  const following = feed.follow(await statements.horizon(), leaving.signal, interest);
  const next = following.next();
  await clock.advance(100);
  for (const number of [1, 2]) {
    await open(statements, number);
    feed.wake();
    await clock.advance(50);
  }
  assert.equal([looked, places], [[], await cursors(statements)]);
  await open(statements, 3);
  feed.wake();
  await clock.advance(50);
  const { value: batch } = await next;
  assert.equal(
    batch?.entries.map(({ transaction }) => transaction.opened.id),
    [transactionId(3)],
  );
  leaving.abort();
  await following.return();
});

test('what becomes terminal while somebody watches is told once', async () => {
  const { clock, feed, statements } = world();
  const told: string[] = [];
  const listening = feed.settled$.subscribe(({ opened, status }) => told.push(`${status} ${opened.id}`));
  using watch = feed.watch();
  await clock.advance(0);
  await watch.ready(new AbortController().signal);
  await open(statements, 1);
  await approve(statements, 1);
  feed.wake();
  await clock.advance(50);
  assert.equal(told, [`APPROVED ${transactionId(1)}`]);
  listening.unsubscribe();
});

test('a watch that cannot be had is waited for no longer than the signal, and is had once the outage is over', async () => {
  let down = true;
  const { clock, feed } = world({}, () => (down ? 'before' : undefined));
  using watch = feed.watch();
  const ending = new AbortController();
  const ready = { early: false, late: false };
  const waits = [
    watch.ready(ending.signal).then(() => (ready.early = true)),
    watch.ready(new AbortController().signal).then(() => (ready.late = true)),
  ];
  await clock.advance(10_000);
  assert.equal(ready, { early: false, late: false });
  ending.abort();
  await clock.advance(0);
  assert.equal(ready, { early: true, late: false });
  down = false;
  await clock.advance(3_000);
  assert.equal(ready, { early: true, late: true });
  await Promise.all(waits);
});

test('an outage ends nobody', async () => {
  let down = true;
  const { clock, feed, statements } = world({}, (call) => (down && call !== 'now' ? 'before' : undefined));
  const follower = follow(feed, journalStart);
  await clock.advance(30_000);
  await open(statements, 1);
  down = false;
  await clock.advance(3_000);
  assert.equal(follower.seen, ['opened 1']);
  down = true;
  await open(statements, 2);
  await clock.advance(30_000);
  down = false;
  await clock.advance(3_000);
  assert.equal(follower.seen, ['opened 1', 'opened 2']);
  await follower.leave();
});

test('a bug cuts the followers of the moment, and the next one starts the reader anew', async () => {
  const { clock, feed, statements, faults } = world();
  const bug = new TypeError('bug');
  faults.push(bug);
  const cut = follow(feed, journalStart);
  await clock.advance(100);
  assert.is(await cut.ended, bug);
  const next = follow(feed, journalStart);
  await open(statements, 1);
  await clock.advance(1_000);
  assert.equal(next.seen, ['opened 1']);
  await next.leave();
});

test('a follower that leaves, and a feed that closes, end the iteration', async () => {
  const { clock, feed } = world();
  const [leaving, staying] = [follow(feed, journalStart), follow(feed, journalStart)];
  await clock.advance(100);
  await leaving.leave();
  assert.is(feed.leases, 1);
  await feed[Symbol.asyncDispose]();
  assert.is(await staying.ended, undefined);
  assert.is(feed.leases, 0);
});

function world(
  options: Partial<StatusFeedOptions> = {},
  fault: (call: string) => 'before' | undefined = () => undefined,
) {
  const clock = new VirtualClock();
  const statements = new MemoryStatements({ clock });
  const calls: string[] = [];
  const faults: Error[] = [];
  const observed: Statements = withFaults<Statements>(statements, 'database_unavailable', (call) => {
    calls.push(call);
    const bug = faults.shift();
    if (bug !== undefined) throw bug;
    return fault(call);
  });
  const feed = new StatusFeed({
    ...{
      statements: observed,
      clock,
      pageMax: 10,
      ringMax: 20,
      pollMs: 500,
      paceMs: 10,
      lingerMs: 1_000,
      directReadsMax: 2,
      directPageMax: 4,
    },
    retry: { clock, entropy: { fraction: () => 0.5 }, firstMs: 50, maxMs: 2_000 },
    ...options,
  });
  return { clock, statements, feed, calls, faults };
}

async function open(statements: Statements, number: number): Promise<void> {
  await statements.open([{ transaction: openedTransaction(number), answerVersion: 1 }]);
}

async function cursors(statements: Statements): Promise<readonly JournalCursor[]> {
  const { entries } = await statements.readJournal(journalStart, 100);
  return entries.map(({ cursor }) => cursor);
}

function isNumber(number: number, { opened }: JournalEntry['transaction']): boolean {
  return opened.id === transactionId(number);
}

async function approve(statements: Statements, number: number): Promise<void> {
  const event = { type: 'TransactionApproved', at: 0, decision: approval } as const;
  await statements.change([{ id: transactionId(number), expectedVersion: 1, event }]);
}

function follow(feed: StatusFeed, from: JournalCursor) {
  const leaving = new AbortController();
  const seen: string[] = [];
  const run = async (): Promise<unknown> => {
    try {
      for await (const { entries } of feed.follow(from, leaving.signal))
        for (const { event, transaction } of entries) {
          const number = Number.parseInt(transaction.opened.id.slice(-12), 16);
          seen.push(`${event.type === 'TransactionOpened' ? 'opened' : 'settled'} ${number}`);
        }
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const ended = run();
  const leave = async (): Promise<void> => {
    leaving.abort();
    await ended;
  };
  return { seen, ended, leave };
}

test.run();
