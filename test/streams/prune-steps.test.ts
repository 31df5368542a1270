/** A prune goes once over what is old, and leaves the database alone for its share of the time. */
import * as assert from 'uvu/assert';

import type { PruneRange, PruneStep } from '../../src/persistence/statements.ts';
import { pruneSteps } from '../../src/streams/prune-steps.ts';
import type { PruneStepsOptions } from '../../src/streams/prune-steps.ts';
import { suite } from '../support/suite.ts';
import { transactionId } from '../support/transactions.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const test = suite('prune steps');

/** Of `count` steps, each of which takes `stepMs`. */
function world(count: number, stepMs: number, changes: Partial<PruneStepsOptions> = {}) {
  const clock = new VirtualClock();
  const asked: (readonly [elapsed: number, after: string | undefined])[] = [];
  const ending = new AbortController();
  const seen: PruneStep[] = [];
  const prune = async ({ after }: PruneRange): Promise<PruneStep> => {
    asked.push([clock.elapsed(), after]);
    const number = asked.length;
    await clock.sleep(stepMs);
    const next = number < count ? transactionId(number) : undefined;
    return { transactions: 1, journalRows: 2, pending: 0, held: 0, next };
  };
  const range = { olderThanMs: 1, limit: 1, readers: ['a reader'], dryRun: false };
  const steps = pruneSteps({ ...range, prune, clock, busyPercentMax: 20, signal: ending.signal, ...changes });
  const done = (async () => {
    for await (const step of steps) seen.push(step);
  })();
  return { clock, asked, ending, seen, done };
}

test('each step begins where the last one ended, after a rest that keeps its share', async () => {
  const { clock, asked, seen, done } = world(3, 10);
  await clock.advance(1_000);
  await done;
  assert.equal(asked, [
    [0, undefined],
    [50, transactionId(1)],
    [100, transactionId(2)],
  ]);
  assert.is(seen.length, 3);
  assert.is(seen.at(-1)?.next, undefined);
});

test('all of the time is no rest at all', async () => {
  const { clock, asked, done } = world(3, 10, { busyPercentMax: 100 });
  await clock.advance(1_000);
  await done;
  assert.equal(
    asked.map(([elapsed]) => elapsed),
    [0, 10, 20],
  );
});

test('the signal ends the rest, and a step that was given up ends the walk', async () => {
  const { clock, asked, ending, seen, done } = world(9, 10);
  await clock.advance(55);
  ending.abort();
  await clock.advance(10);
  await done;
  assert.is(asked.length, 2);
  assert.ok(seen.at(-1)?.next !== undefined);
  const given = world(9, 10, { prune: async () => undefined });
  await given.done;
  assert.is(given.seen.length, 0);
});

test('what a step rejects with ends the walk', async () => {
  const failed = world(9, 10, { prune: () => Promise.reject(new TypeError('bug')) });
  assert.instance(await failed.done.catch((error: unknown) => error), TypeError);
});

test.run();
