/** Looked up before, marked after. */
import { from, lastValueFrom, of, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { concatMap, toArray } from 'rxjs/operators';
import * as assert from 'uvu/assert';

import { Failure } from '../../../src/platform/failure.ts';
import type { KeyStore } from '../../../src/platform/key-store/key-store.ts';
import { MemoryKeyStore } from '../../../src/platform/key-store/memory.ts';
import { dedup } from '../../../src/streams/operators/dedup.ts';
import { Marks } from '../../../src/streams/operators/marks.ts';
import { suite } from '../../support/suite.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { withFaults } from '../../support/with-faults.ts';
import { within } from '../../support/within.ts';

const test = suite('dedup');

test('each id reaches the effect once, in one batch and over several', async () => {
  const { run, worked, repeats } = world();
  assert.equal(await run(['a', 'b', 'a'], ['b', 'c'], ['a', 'c']), [['a', 'b'], ['c']]);
  assert.equal(worked, [['a', 'b'], ['c']]);
  assert.equal(repeats, [1, 1, 2]);
});

test('what has failed is not marked', async () => {
  const keys = memoryKeys();
  const failing = world({ keys, effect: () => throwError(() => new Error('the effect failed')) });
  await failing.run(['a']).catch(() => undefined);
  const { run, worked } = world({ keys });
  await run(['a']);
  assert.equal(worked, [['a']]);
});

test('only what the effect has handled is marked', async () => {
  const keys = memoryKeys();
  await world({ keys, effect: (fresh) => of(fresh.filter((id) => id !== 'bad')) }).run(['good', 'bad']);
  const { run, worked } = world({ keys });
  await run(['good', 'bad']);
  assert.equal(worked, [['bad']]);
});

test('marks are made after the effect, so a crash in between costs a repeat and no loss', async () => {
  const calls: string[] = [];
  const keys = withFaults<KeyStore>(memoryKeys(), 'key_store_unavailable', (call) => void calls.push(call));
  const { run } = world({
    keys,
    effect: (fresh) => {
      calls.push('effect');
      return of(fresh);
    },
  });
  await run(['a']);
  assert.equal(calls, ['seen', 'effect', 'mark']);
});

test('what is fresh is not looked up, and marked all the same', async () => {
  const asked: (readonly string[])[] = [];
  const keys = memoryKeys();
  const lookUp = keys.seen.bind(keys);
  const seen: KeyStore['seen'] = (set, ids) => {
    asked.push(ids);
    return lookUp(set, ids);
  };
  const { run, worked } = world({ keys: Object.assign(keys, { seen }) });
  await run(['fresh-1', 'a'], ['fresh-2']);
  await within(1_000, 'marks', async () => (await lookUp('set', ['fresh-1', 'fresh-2'])).every(Boolean));
  assert.equal(asked, [['a']]);
  assert.equal(worked, [['fresh-1', 'a'], ['fresh-2']]);
});

test('without the key store everything goes on, and is counted', async () => {
  const keys = withFaults<KeyStore>(memoryKeys(), 'key_store_unavailable', () => 'before');
  const { run, worked, missing } = world({ keys });
  await run(['a']);
  await within(1_000, 'the mark is given up', () => missing.length === 2);
  await run(['a']);
  await within(1_000, 'the mark is given up', () => missing.length === 4);
  assert.equal(worked, [['a'], ['a']]);
  assert.ok(missing.every((error) => error instanceof Failure));
});

test('nobody waits for a mark, and what is not marked yet is known all the same', async () => {
  const { promise: written, resolve: write } = Promise.withResolvers<void>();
  const marked: (readonly string[])[] = [];
  const mark: KeyStore['mark'] = (_set, ids) => {
    marked.push(ids);
    return written;
  };
  const { run, worked, missing } = world({ keys: Object.assign(memoryKeys(), { mark }) });
  assert.equal(await run(['a'], ['b', 'a'], ['b', 'c', 'd']), [['a'], ['b'], ['c', 'd']]);
  assert.equal(marked, [['a']]);
  assert.equal(missing.map(String), ['Failure: 3 marks are on their way already']);
  write();
  await within(1_000, 'the rest is marked', () => marked.length === 2);
  assert.equal(marked, [['a'], ['b', 'c']]);
  assert.equal(await run(['d']), [['d']]);
  assert.equal(worked, [['a'], ['b'], ['c', 'd'], ['d']]);
});

test('sets do not know each other’s marks', async () => {
  const keys = memoryKeys();
  await world({ keys, set: 'one' }).run(['a']);
  const { run, worked } = world({ keys, set: 'other' });
  await run(['a']);
  assert.equal(worked, [['a']]);
});

type WorldOptions = {
  readonly keys?: KeyStore;
  readonly set?: string;
  readonly effect?: (fresh: readonly string[]) => Observable<readonly string[]>;
};

function world({ keys = memoryKeys(), set = 'set', effect = (fresh) => of(fresh) }: WorldOptions = {}) {
  const worked: (readonly string[])[] = [];
  const repeats: number[] = [];
  const missing: unknown[] = [];
  const onKeysMissing = (error: unknown): void => void missing.push(error);
  const marks = new Marks({ keys, set, onKeysMissing, batching: { batchMax: 100, paceMs: 0 }, waitingMax: 3 });
  const operator = dedup<string>(
    {
      ...{ keys, set, marks, onKeysMissing, idOf: (id) => id, isFresh: (id) => id.startsWith('fresh') },
      onRepeats: (count) => repeats.push(count),
    },
    (fresh) => {
      worked.push(fresh);
      return effect(fresh);
    },
  );
  const run = (...batches: readonly (readonly string[])[]) =>
    lastValueFrom(
      from(batches).pipe(
        concatMap((batch) => of(batch).pipe(operator)),
        toArray(),
      ),
    );
  return { run, worked, repeats, missing };
}

function memoryKeys(): KeyStore {
  return new MemoryKeyStore({ clock: new VirtualClock(), markTtlMs: 60_000, keysMax: 1_000 });
}

test.run();
