import * as assert from 'uvu/assert';

import type { IdempotencyKeysOptions } from '../../src/persistence/idempotency-keys.ts';
import { IdempotencyKeys } from '../../src/persistence/idempotency-keys.ts';
import type { KnownTransaction } from '../../src/transaction/states.ts';
import { memoryKeyStore } from '../support/front-door.ts';
import { suite } from '../support/suite.ts';
import { openedTransaction } from '../support/transactions.ts';
import { withFaults } from '../support/with-faults.ts';

const test = suite('idempotency keys');
const opened = openedTransaction(1);
const pending: KnownTransaction = { status: 'PENDING', version: 1, opened };
const claim = { clientId: opened.clientId, key: opened.idempotencyKey, token: 'mine' };
const others = { ...claim, token: 'others' };

test('a key is claimed by one, by the same one again, and by another once it was released', async () => {
  await using keys = keysOver({});
  assert.equal(await keys.claim(claim, 60_000), { type: 'claimed' });
  assert.equal(await keys.claim(claim, 60_000), { type: 'claimed' });
  assert.equal(await keys.claim(others, 60_000), { type: 'held' });
  await keys.release(others);
  assert.equal(await keys.claim(others, 60_000), { type: 'held' });
  await keys.release(claim);
  assert.equal(await keys.claim(others, 60_000), { type: 'claimed' });
});

test('an answer is remembered over any claim, and closing waits for it', async () => {
  const keyStore = memoryKeyStore();
  const keys = keysOver({ keyStore });
  await keys.claim(claim, 60_000);
  keys.remember(pending);
  await keys[Symbol.asyncDispose]();
  await using later = keysOver({ keyStore });
  assert.equal(await later.claim(others, 60_000), { type: 'answered', transaction: pending });
});

test('an answer that cannot be read is left to the database', async () => {
  const keyStore = memoryKeyStore();
  const key = `idempotency/${opened.clientId}/${opened.idempotencyKey}`;
  await keyStore.put([{ key, value: 'answered {"format":0}', ttlMs: 60_000 }]);
  await using keys = keysOver({ keyStore });
  assert.equal(await keys.claim(claim, 60_000), { type: 'held' });
});

test('what is asked at once goes in few batches', async () => {
  const calls: string[] = [];
  const keyStore = withFaults(memoryKeyStore(), 'key_store_unavailable', (method) => {
    calls.push(method);
    return undefined;
  });
  await using keys = keysOver({ keyStore });
  await Promise.all(Array.from({ length: 100 }, (_, index) => keys.claim({ ...claim, token: `${index}` }, 60_000)));
  assert.ok(calls.length <= 2, `${calls.length} calls`);
});

test('an outage is an answer and is counted; it rejects nothing', async () => {
  const failures: string[] = [];
  const keyStore = withFaults(memoryKeyStore(), 'key_store_unavailable', () => 'before');
  const keys = keysOver({ keyStore, onFailure: ({ code }) => failures.push(code) });
  assert.equal(await keys.claim(claim, 60_000), { type: 'unavailable' });
  await keys.release(claim);
  keys.remember(pending);
  await keys[Symbol.asyncDispose]();
  assert.equal(failures, ['key_store_unavailable', 'key_store_unavailable', 'key_store_unavailable']);
  assert.equal(await keys.claim(claim, 60_000), { type: 'unavailable' });
});

function keysOver(options: Partial<IdempotencyKeysOptions>): IdempotencyKeys {
  return new IdempotencyKeys({
    keyStore: memoryKeyStore(),
    batchMax: 500,
    paceMs: 0,
    waitingMax: 1_000,
    answeredTtlMs: 60_000,
    onFailure: (failure) => assert.unreachable(failure.message),
    ...options,
  });
}

test.run();
