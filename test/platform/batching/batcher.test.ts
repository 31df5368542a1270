/** Everyone who asks a `Batcher` gets their own answer, in the order of asking, or learns why not. */
import * as assert from 'uvu/assert';
import { Batcher } from '../../../src/platform/batching/batcher.ts';
import { Failure } from '../../../src/platform/failure.ts';
import { suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';
import type { BatcherOptions } from '../../../src/platform/batching/batcher.ts';

const test = suite('Batcher');

type Gate = {
  readonly batch: readonly number[];
  readonly answer: (answers: readonly string[]) => void;
  readonly fail: (error: unknown) => void;
};

/** Work that ends when the test says so. */
function gated(): { readonly gates: Gate[]; readonly work: (batch: readonly number[]) => Promise<readonly string[]> } {
  const gates: Gate[] = [];
  const work = (batch: readonly number[]): Promise<readonly string[]> =>
    new Promise((answer, fail) => gates.push({ batch, answer, fail }));
  return { gates, work };
}

function batcher(options: Partial<BatcherOptions<number, string>> = {}): Batcher<number, string> {
  return new Batcher<number, string>({
    name: 'the test',
    batchMax: 10,
    paceMs: 0,
    waitingMax: 100,
    work: async (batch) => batch.map((question) => `answer ${question}`),
    ...options,
  });
}

/** Until all that is under way at this moment has come to rest. */
function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function codeOf(asked: Promise<unknown>): Promise<string | undefined> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Failure ? error.code : undefined;
}

test('answers each question with its own answer', async () => {
  await using one = batcher({ batchMax: 3 });
  const answers = await Promise.all([5, 3, 8, 1, 9, 2, 7].map((question) => one.ask(question)));
  assert.equal(answers, ['answer 5', 'answer 3', 'answer 8', 'answer 1', 'answer 9', 'answer 2', 'answer 7']);
});

test('what is asked at one moment goes together, and costs no time', async () => {
  const { gates, work } = gated();
  const one = batcher({ work, paceMs: 60_000 });
  const asked = [1, 2].map((question) => one.ask(question));
  asked.push(Promise.resolve().then(() => one.ask(3)));
  await tick();
  assert.equal(
    gates.map(({ batch }) => batch),
    [[1, 2, 3]],
  );
  gates[0]?.answer(['a', 'b', 'c']);
  assert.equal(await Promise.all(asked), ['a', 'b', 'c']);
});

test('gathers what is asked while a batch is in flight, up to the maximum', async () => {
  const { gates, work } = gated();
  const sizes: number[] = [];
  const one = batcher({ work, batchMax: 3, onBatch: (size) => sizes.push(size) });
  const asked = [one.ask(1)];
  await tick();
  asked.push(...[2, 3, 4, 5].map((question) => one.ask(question)));
  assert.equal(
    gates.map(({ batch }) => batch),
    [[1]],
  );
  assert.is(one.waiting, 5);
  gates[0]?.answer(['a']);
  await within(1_000, 'the second batch', () => gates.length === 2);
  gates[1]?.answer(['b', 'c', 'd']);
  await within(1_000, 'the third batch', () => gates.length === 3);
  gates[2]?.answer(['e']);
  assert.equal(await Promise.all(asked), ['a', 'b', 'c', 'd', 'e']);
  assert.equal(sizes, [1, 3, 1]);
  assert.is(one.waiting, 0);
});

test('work that fails rejects its own batch and no other', async () => {
  const { gates, work } = gated();
  const one = batcher({ work });
  const first = one.ask(1);
  await tick();
  const second = one.ask(2);
  const failure = new Failure('database_unavailable', 'gone');
  gates[0]?.fail(failure);
  assert.is(await codeOf(first), 'database_unavailable');
  await within(1_000, 'the second batch', () => gates.length === 2);
  gates[1]?.answer(['two']);
  assert.is(await second, 'two');
  assert.is(one.waiting, 0);
});

test('work that throws, or answers too few, rejects what was asked', async () => {
  const throwing = batcher({
    work: () => {
      throw new Failure('database_refused', 'no');
    },
  });
  assert.is(await codeOf(throwing.ask(1)), 'database_refused');
  const short = batcher({ work: async () => [] });
  const error = await short.ask(1).catch((reason: unknown) => reason);
  assert.match(error instanceof Error ? error.message : '', '1 asked, 0 answered');
});

test('refuses past its bound and takes questions again below it', async () => {
  const { gates, work } = gated();
  const one = batcher({ work, waitingMax: 2 });
  const asked = [one.ask(1)];
  await tick();
  asked.push(one.ask(2));
  assert.is(await codeOf(one.ask(3)), 'overloaded');
  gates[0]?.answer(['one']);
  await asked[0];
  await within(1_000, 'the second batch', () => gates.length === 2);
  const later = one.ask(4);
  gates[1]?.answer(['two']);
  await within(1_000, 'the third batch', () => gates.length === 3);
  gates[2]?.answer(['four']);
  assert.equal(await Promise.all([...asked, later]), ['one', 'two', 'four']);
});

test('closing answers what was asked before, then refuses', async () => {
  const { gates, work } = gated();
  const one = batcher({ work, paceMs: 60_000 });
  const asked = [one.ask(1)];
  await tick();
  asked.push(one.ask(2));
  const closing = one[Symbol.asyncDispose]();
  assert.is(await codeOf(one.ask(3)), 'stopped');
  gates[0]?.answer(['one']);
  await within(1_000, 'the last batch, without its pace', () => gates.length === 2);
  gates[1]?.answer(['two']);
  await closing;
  assert.equal(await Promise.all(asked), ['one', 'two']);
});

test('closing answers what was asked a moment before', async () => {
  const one = batcher();
  const asked = one.ask(1);
  await one[Symbol.asyncDispose]();
  assert.is(await asked, 'answer 1');
});

test('closing an idle one, or one that is closed, ends at once', async () => {
  const one = batcher();
  await one[Symbol.asyncDispose]();
  await one[Symbol.asyncDispose]();
});

test.run();
