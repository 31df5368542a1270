/** Redis keeps the contract; and what it does when it is away, frozen, emptied or restarted stops nobody for longer than its time-out. */
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';

import { systemClock } from '../../../../src/platform/clock.ts';
import { Failure } from '../../../../src/platform/failure.ts';
import type { KeyStore } from '../../../../src/platform/key-store/key-store.ts';
import type { RedisKeyStoreOptions } from '../../../../src/platform/key-store/redis.ts';
import { openRedisKeyStore } from '../../../../src/platform/key-store/redis.ts';
import { keyStoreContract, passInTheWorld } from '../../../platform/key-store/key-store.contract.ts';
import { ownServices } from '../../../support/services.ts';
import { suite } from '../../../support/suite.ts';
import { within } from '../../../support/within.ts';

const test = suite('redis key store');
const commandTimeoutMs = 250;
const markTtlMs = 400;
let services: Awaited<ReturnType<typeof ownServices>>;
let store: KeyStore;

const open = (more: Partial<RedisKeyStoreOptions> = {}): Promise<KeyStore> =>
  openRedisKeyStore({
    url: services.env.REDIS_URL,
    prefix: services.freshPrefix(),
    commandTimeoutMs,
    markTtlMs,
    breakerFailuresMax: 3,
    breakerPauseMs: 300,
    clock: systemClock,
    ...more,
  });

test.before(async () => {
  services = await ownServices({ only: ['redis'] });
  store = await open({ commandTimeoutMs: 2000 });
});
test.after(async () => {
  await store[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

keyStoreContract(test, { markTtlMs, store: () => store, pass: passInTheWorld(5_000) });

/** How the call ended, and after how long. */
async function outcome(call: () => Promise<unknown>): Promise<{ readonly failed: boolean; readonly afterMs: number }> {
  const start = performance.now();
  try {
    await call();
    return { failed: false, afterMs: performance.now() - start };
  } catch (error) {
    assert.ok(error instanceof Failure && error.code === 'key_store_unavailable' && error.retryable, String(error));
    return { failed: true, afterMs: performance.now() - start };
  }
}

test('what it writes carries the prefix and ends by itself', async () => {
  const prefix = services.freshPrefix();
  await using other = await open({ prefix });
  await other.claim([{ key: 'k', token: 'a', ttlMs: 60_000 }]);
  await other.put([{ key: 'p', value: 'v', ttlMs: 60_000 }]);
  await other.mark('set', ['id']);
  const client = new Redis(services.env.REDIS_URL);
  try {
    const keys = await client.keys(`${prefix}*`);
    assert.is(keys.length, 3);
    for (const key of keys) assert.ok((await client.pttl(key)) > 0, key);
  } finally {
    client.disconnect();
  }
});

test('a claim that broken connections interrupt is had by its token in the end', async () => {
  const admin = new Redis(services.env.REDIS_URL);
  try {
    const claimed = Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        within(10_000, 'the claim is answered', async () => {
          const [answer] = await store.claim([{ key: `broken:${index}`, token: 'a', ttlMs: 60_000 }]);
          return answer;
        }),
      ),
    );
    for (let turn = 0; turn < 5; turn += 1) await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    assert.ok((await claimed).every((answer) => answer.claimed));
  } finally {
    admin.disconnect();
  }
});

test('emptied, it forgets and goes on', async () => {
  await within(5_000, 'it is connected', async () => !(await outcome(() => store.ping())).failed);
  await store.claim([{ key: 'flushed', token: 'a', ttlMs: 60_000 }]);
  await store.mark('flushed', ['id']);
  const admin = new Redis(services.env.REDIS_URL);
  try {
    await admin.flushall();
    await admin.script('FLUSH');
  } finally {
    admin.disconnect();
  }
  assert.equal(await store.claim([{ key: 'flushed', token: 'b', ttlMs: 60_000 }]), [{ claimed: true }]);
  assert.equal(await store.seen('flushed', ['id']), [false]);
  await store.release([{ key: 'flushed', token: 'b' }]);
});

test('frozen, it rejects within the time-out, then at once, and comes back by itself', async () => {
  const failures: Failure[] = [];
  await using frozen = await open({ onFailure: (failure) => failures.push(failure) });
  await frozen.ping();
  services.stop('redis');
  try {
    const first = await outcome(() => frozen.claim([{ key: 'secret-key', token: 'a', ttlMs: 1000 }]));
    assert.ok(first.failed && first.afterMs < commandTimeoutMs + 100, `${first.afterMs} ms`);
    await outcome(() => frozen.ping());
    await outcome(() => frozen.ping());
    const refused = await outcome(() => frozen.ping());
    assert.ok(refused.failed && refused.afterMs < 50, `${refused.afterMs} ms`);
    await within(3_000, 'the frozen connection is given up, and its successor too', async () => {
      const { afterMs } = await outcome(() => frozen.ping());
      assert.ok(afterMs < commandTimeoutMs + 100, `${afterMs} ms`);
      return failures.length > 5;
    });
  } finally {
    services.cont('redis');
  }
  await within(5_000, 'it answers again', async () => !(await outcome(() => frozen.ping())).failed);
  assert.not.match(failures.map((failure) => `${failure.stack} ${JSON.stringify(failure)}`).join(), /secret-key/);
});

test('killed and restarted, it rejects meanwhile and comes back by itself', async () => {
  await using killed = await open();
  await killed.ping();
  await services.kill('redis');
  for (let turn = 0; turn < 5; turn += 1) {
    const { failed, afterMs } = await outcome(() => killed.seen('set', ['id']));
    assert.ok(failed && afterMs < commandTimeoutMs + 100, `${afterMs} ms`);
  }
  await services.restart('redis');
  await within(5_000, 'it answers again', async () => !(await outcome(() => killed.ping())).failed);
});

test('opening does not fail while it is away, and finds it when it comes', async () => {
  await services.kill('redis');
  const start = performance.now();
  await using early = await open();
  assert.ok(performance.now() - start < commandTimeoutMs + 200);
  assert.ok((await outcome(() => early.ping())).failed);
  await services.restart('redis');
  await within(5_000, 'it answers', async () => !(await outcome(() => early.ping())).failed);
  assert.equal(await early.claim([{ key: 'k', token: 'a', ttlMs: 1000 }]), [{ claimed: true }]);
});

test('closed, it rejects', async () => {
  const closed = await open();
  await closed[Symbol.asyncDispose]();
  assert.ok((await outcome(() => closed.ping())).failed);
});

test.run();
