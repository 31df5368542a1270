/** What every key store promises, whoever keeps the keys. */
import * as assert from 'uvu/assert';

import type { KeyStore } from '../../../src/platform/key-store/key-store.ts';
import type { Suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';

export type KeyStoreUnderTest = {
  /** Marks of the store live for this long, to twice that. */
  readonly markTtlMs: number;
  readonly store: () => KeyStore;
  /** Lets time pass, on a clock or in the world, until the condition holds. */
  readonly pass: (what: string, condition: () => Promise<boolean>) => Promise<void>;
};

const long = 60_000;

export function keyStoreContract(test: Suite, { markTtlMs, store, pass }: KeyStoreUnderTest): void {
  let number = 0;
  const fresh = (): string => `contract:${(number += 1)}`;

  test('a free key is claimed, and tells everybody else who holds it', async () => {
    const key = fresh();
    assert.equal(await store().claim([{ key, token: 'a', ttlMs: long }]), [{ claimed: true }]);
    assert.equal(await store().claim([{ key, token: 'b', ttlMs: long }]), [{ claimed: false, value: 'a' }]);
  });

  test('the holder claims again, however often', async () => {
    const claim = { key: fresh(), token: 'a', ttlMs: long };
    for (let turn = 0; turn < 3; turn += 1) assert.equal(await store().claim([claim]), [{ claimed: true }]);
  });

  test('of two claims for one key in a batch the first wins', async () => {
    const key = fresh();
    const answers = await store().claim([
      { key, token: 'a', ttlMs: long },
      { key, token: 'b', ttlMs: long },
    ]);
    assert.equal(answers, [{ claimed: true }, { claimed: false, value: 'a' }]);
  });

  test('thousands are seen in one call, each told of itself', async () => {
    const set = fresh();
    const ids = Array.from({ length: 3_500 }, (_, index) => `id-${index}`);
    await store().mark(
      set,
      ids.filter((_, index) => index % 3 === 0),
    );
    assert.equal(
      await store().seen(set, ids),
      ids.map((_, index) => index % 3 === 0),
    );
  });

  test('of many claimers at once exactly one wins', async () => {
    const key = fresh();
    const tokens = Array.from({ length: 50 }, (_, index) => `t${index}`);
    const answers = await Promise.all(tokens.map((token) => store().claim([{ key, token, ttlMs: long }])));
    assert.is(answers.flat().filter(({ claimed }) => claimed).length, 1);
  });

  test('answers come in the order of the questions', async () => {
    const [one, two, three] = [fresh(), fresh(), fresh()];
    await store().put([{ key: two, value: 'held', ttlMs: long }]);
    const answers = await store().claim([one, two, three].map((key) => ({ key, token: 'a', ttlMs: long })));
    assert.equal(answers, [{ claimed: true }, { claimed: false, value: 'held' }, { claimed: true }]);
  });

  test('a value is written over whatever the key holds', async () => {
    const key = fresh();
    await store().claim([{ key, token: 'a', ttlMs: long }]);
    await store().put([{ key, value: 'the answer, ∀ bytes', ttlMs: long }]);
    assert.equal(await store().claim([{ key, token: 'b', ttlMs: long }]), [
      { claimed: false, value: 'the answer, ∀ bytes' },
    ]);
  });

  test('only the holder releases, and what it wrote over is not released', async () => {
    const [held, written] = [fresh(), fresh()];
    await store().claim([held, written].map((key) => ({ key, token: 'a', ttlMs: long })));
    await store().put([{ key: written, value: 'answer', ttlMs: long }]);
    await store().release([
      { key: held, token: 'b' },
      { key: written, token: 'a' },
    ]);
    const claims = [held, written].map((key) => ({ key, token: 'c', ttlMs: long }));
    assert.equal(await store().claim(claims), [
      { claimed: false, value: 'a' },
      { claimed: false, value: 'answer' },
    ]);
    await store().release([{ key: held, token: 'a' }]);
    assert.equal((await store().claim(claims))[0], { claimed: true });
  });

  test('a claim ends with its time', async () => {
    const key = fresh();
    await store().claim([{ key, token: 'a', ttlMs: 50 }]);
    await pass('the claim ends', async () => {
      const [answer] = await store().claim([{ key, token: 'b', ttlMs: long }]);
      return answer?.claimed === true;
    });
  });

  test('what is marked is seen, in its set only', async () => {
    const [set, other] = [fresh(), fresh()];
    await store().mark(set, ['a', 'b']);
    assert.equal(await store().seen(set, ['b', 'c', 'a']), [true, false, true]);
    assert.equal(await store().seen(other, ['a']), [false]);
  });

  test('marks end with their time', async () => {
    const set = fresh();
    await store().mark(set, ['a']);
    await pass(`marks end after ${2 * markTtlMs} ms`, async () => (await store().seen(set, ['a']))[0] === false);
  });

  test('an empty batch is answered with nothing', async () => {
    assert.equal(await store().claim([]), []);
    assert.equal(await store().seen(fresh(), []), []);
    await store().put([]);
    await store().release([]);
    await store().mark(fresh(), []);
  });

  test('a large batch is one call', async () => {
    const keys = Array.from({ length: 2000 }, () => fresh());
    const answers = await store().claim(keys.map((key) => ({ key, token: 'a', ttlMs: long })));
    assert.ok(answers.length === 2000 && answers.every(({ claimed }) => claimed));
    await store().mark('large', keys);
    assert.ok((await store().seen('large', keys)).every(Boolean));
    await store().release(keys.map((key) => ({ key, token: 'a' })));
  });

  test('it answers a ping', () => store().ping());
}

/** For stores on the world's clock. */
export function passInTheWorld(limitMs: number): KeyStoreUnderTest['pass'] {
  return async (what, condition) => {
    await within(limitMs, what, condition);
  };
}
