/** The embedded key store keeps the contract, and its bounds. */
import { VirtualTimeScheduler } from 'rxjs';
import * as assert from 'uvu/assert';

import type { Clock } from '../../../src/platform/clock.ts';
import type { KeyStore } from '../../../src/platform/key-store/key-store.ts';
import { openMemoryKeyStore } from '../../../src/platform/key-store/memory.ts';
import { suite } from '../../support/suite.ts';
import { keyStoreContract } from './key-store.contract.ts';

const test = suite('memory key store');
const markTtlMs = 100;
let now = 0;
const clock: Clock = {
  now: () => now,
  elapsed: () => now,
  sleep: async (ms) => {
    now += ms;
  },
  scheduler: new VirtualTimeScheduler(),
};
const open = (keysMax: number): KeyStore => openMemoryKeyStore({ clock, markTtlMs, keysMax });
const shared = open(10_000);

keyStoreContract(test, {
  markTtlMs,
  store: () => shared,
  pass: async (what, condition) => {
    for (let turn = 0; turn < 1000; turn += 1) {
      if (await condition()) return;
      now += 10;
    }
    throw new Error(`never: ${what}`);
  },
});

test('past its bound it forgets the keys that were written first', async () => {
  const store = open(3);
  await store.put(['a', 'b', 'c', 'd'].map((key) => ({ key, value: key, ttlMs: 1000 })));
  const answers = await store.claim(['b', 'c', 'd'].map((key) => ({ key, token: 'x', ttlMs: 1000 })));
  assert.ok(answers.every(({ claimed }) => !claimed));
  assert.equal(await store.claim([{ key: 'a', token: 'x', ttlMs: 1000 }]), [{ claimed: true }]);
});

test('past its bound it forgets the marks that were made first', async () => {
  const store = open(10);
  const ids = Array.from({ length: 30 }, (_, index) => `id${index}`);
  await store.mark('set', ids);
  const seen = await store.seen('set', ids);
  assert.is(seen[0], false);
  assert.is(seen.at(-1), true);
  assert.ok(seen.filter(Boolean).length <= 10);
});

test('a mark is seen for at least its time', async () => {
  const store = open(100);
  for (const offset of [0, 30, 99, 101]) {
    now += offset;
    await store.mark('set', [`at${offset}`]);
    const marked = now;
    for (now = marked; now < marked + markTtlMs; now += 9)
      assert.equal(await store.seen('set', [`at${offset}`]), [true]);
  }
});

test.run();
