import * as assert from 'uvu/assert';

import type { OpenAnswer } from '../../src/actors/open-once.ts';
import type { ClientId } from '../../src/transaction/ids.ts';
import type { OpenedTransaction } from '../../src/transaction/states.ts';
import { codeOf } from '../support/code-of.ts';
import type { FrontDoor, FrontDoorOptions } from '../support/front-door.ts';
import { frontDoor, memoryKeyStore } from '../support/front-door.ts';
import { MemoryStatements } from '../support/memory-statements.ts';
import { suite } from '../support/suite.ts';
import { accountId, approval, openedTransaction, transactionId } from '../support/transactions.ts';
import { withFaults } from '../support/with-faults.ts';
import { within } from '../support/within.ts';

const test = suite('open once');
const { idempotencyKey } = openedTransaction(0);
const longMs = 60_000;
let used = 0;

test('opens once; a repeat is answered with the same, from the key store, and is called a replay', async () => {
  const looks: string[] = [];
  const statements = withFaults(new MemoryStatements(), 'database_unavailable', (method) => {
    looks.push(method);
    return undefined;
  });
  await using door = doorOver({ statements });
  const first = await post(door);
  assert.is(first.type === 'opened' && first.replayed, false);
  const before = looks.length;
  assert.equal(await post(door), { ...first, replayed: true });
  assert.is(looks.length, before);
});

test('a replay after the decision still shows what was answered, with and without the key store', async () => {
  const keyStore = memoryKeyStore();
  await using door = doorOver({ keyStore });
  const first = await post(door);
  await settle(door, first);
  assert.equal(await post(door), { ...first, replayed: true });
  await keyStore[Symbol.asyncDispose]();
  assert.equal(await post(door), { ...first, replayed: true });
  assert.equal(await post(door), { ...first, replayed: true });
});

test('a waiting request is answered terminal, and so are its repeats, waiting or not', async () => {
  const keyStore = memoryKeyStore();
  await using door = doorOver({ keyStore });
  const waiting = post(door, { waitMs: longMs });
  await settleWhenOpened(door);
  const answer = await waiting;
  assert.is(answer.type === 'opened' && answer.transaction.status, 'APPROVED');
  assert.is(answer.type === 'opened' && answer.waited, true);
  await keyStore[Symbol.asyncDispose]();
  assert.equal(await post(door), { ...answer, replayed: true, waited: false });
  assert.equal(await post(door, { waitMs: longMs }), { ...answer, replayed: true, waited: false });
});

test('a wait that is over answers PENDING, for ever', async () => {
  await using door = doorOver({});
  const answer = await post(door, { waitMs: 5 });
  assert.is(answer.type === 'opened' && answer.transaction.status, 'PENDING');
  assert.is(answer.type === 'opened' && answer.waited, true);
  await settle(door, answer);
  assert.equal(await post(door, { waitMs: longMs }), { ...answer, replayed: true, waited: false });
});

test('a caller that leaves ends the wait', async () => {
  await using door = doorOver({});
  const leaving = new AbortController();
  const waiting = post(door, { waitMs: longMs, signal: leaving.signal });
  await within(5_000, 'the transaction to be opened', () => door.committed.length > 0);
  leaving.abort();
  const answer = await waiting;
  assert.is(answer.type === 'opened' && answer.transaction.status, 'PENDING');
});

test('the same key with another body names what differs, in every place where it is found out', async () => {
  const keyStore = memoryKeyStore();
  await using door = doorOver({ keyStore });
  await post(door);
  const others: readonly [Partial<OpenedTransaction>, string][] = [
    [{ amountMinor: 12_001n }, '/value'],
    [{ debitAccountId: accountId(9) }, '/accountExternalIdDebit'],
    [{ creditAccountId: accountId(9) }, '/accountExternalIdCredit'],
    [{ transferType: { id: 2, name: 'TRANSFER' } }, '/transferTypeId'],
    [{ currency: 'EUR' }, '/currency'],
  ];
  for (const [changes, pointer] of others) {
    assert.equal(await post(door, { changes }), { type: 'key_reused', differing: [pointer] });
    await keyStore[Symbol.asyncDispose]();
    assert.equal(await post(door, { changes }), { type: 'key_reused', differing: [pointer] });
  }
  assert.is((await post(door)).type, 'opened');
});

test('a refusal for another body leaves the key to its owner', async () => {
  const keyStore = memoryKeyStore();
  await using door = doorOver({ keyStore });
  const waiting = post(door, { waitMs: longMs });
  await within(5_000, 'the transaction to be opened', () => door.committed.length > 0);
  assert.is((await post(door, { changes: { amountMinor: 1n } })).type, 'key_reused');
  await keyStore[Symbol.asyncDispose]();
  assert.is((await post(door, { changes: { amountMinor: 1n } })).type, 'key_reused');
  await settleWhenOpened(door);
  assert.is((await waiting).type, 'opened');
});

test('keys belong to clients', async () => {
  await using door = doorOver({});
  const first = await post(door);
  const other = await post(door, { changes: { clientId: 'other' as ClientId, amountMinor: 1n } });
  assert.is(other.type === 'opened' && other.replayed, false);
  assert.not.equal(idOf(first), idOf(other));
});

test('a repeat while the first still waits is in flight; one that finds the claim gone takes over, and both answer the same', async () => {
  const keyStore = memoryKeyStore();
  const statements = new MemoryStatements();
  await using one = doorOver({ keyStore, statements });
  await using two = doorOver({ keyStore, statements });
  const waiting = post(one, { waitMs: longMs });
  await within(5_000, 'the transaction to be opened', () => one.committed.length > 0);
  assert.equal(await post(two), { type: 'in_flight', retryAfterMs: 1_000 });
  await keyStore[Symbol.asyncDispose]();
  const taken = await post(two);
  assert.is(taken.type === 'opened' && taken.transaction.status, 'PENDING');
  await settle(one, taken);
  const answer = await waiting;
  assert.equal(answer, { ...taken, replayed: false, waited: false });
});

test('a waiting request that takes over from a dead one is answered terminal', async () => {
  const statements = new MemoryStatements();
  const dead = openedTransaction(500, { idempotencyKey });
  await statements.open([{ transaction: dead, answerVersion: null }]);
  await using door = doorOver({ statements });
  const waiting = post(door, { waitMs: longMs });
  await within(5_000, 'somebody to wait', () => door.directory.size > 1);
  await door.directory.ask(dead.id, { type: 'ApplyDecision', decision: approval, at: approval.decidedAt });
  const answer = await waiting;
  assert.is(idOf(answer), dead.id);
  assert.is(answer.type === 'opened' && answer.transaction.status, 'APPROVED');
  assert.is(answer.type === 'opened' && answer.replayed, true);
});

test('a claim whose owner died is waited out, then the key is free', async () => {
  const keyStore = memoryKeyStore();
  await using door = doorOver({ keyStore, claimTtlMs: 20 });
  await keyStore.claim([{ key: `idempotency/local/${idempotencyKey}`, token: 'somebody dead', ttlMs: 20 }]);
  assert.is((await post(door)).type, 'in_flight');
  const answer = await within(5_000, 'the claim to expire', async () => {
    const tried = await post(door);
    return tried.type === 'opened' && tried;
  });
  assert.is(answer.replayed, false);
});

test('without the key store everything goes on, and is counted', async () => {
  const keyStore = withFaults(memoryKeyStore(), 'key_store_unavailable', () => 'before');
  await using door = doorOver({ keyStore });
  const first = await post(door);
  assert.equal(await post(door), { ...first, replayed: true });
  assert.is((await post(door, { changes: { amountMinor: 1n } })).type, 'key_reused');
  assert.ok(door.keyFailures.length >= 3);
});

test('a failure does not stick: the next request with the key is served, also where the claim itself was in doubt', async () => {
  let down = true;
  const statements = withFaults(new MemoryStatements(), 'database_unavailable', () => (down ? 'before' : undefined));
  const claims = new Set(['claim']);
  const keyStore = withFaults(memoryKeyStore(), 'key_store_unavailable', (method) =>
    claims.delete(method) ? 'after' : undefined,
  );
  await using door = doorOver({ statements, keyStore });
  for (const _ of [1, 2]) assert.is(await codeOf(post(door)), 'database_unavailable');
  down = false;
  assert.is((await post(door)).type, 'opened');
});

test('a wait that cannot be had is answered with what is known, and says that it did not wait', async () => {
  await using door = doorOver({ waitersMax: 0 });
  const answer = await post(door, { waitMs: longMs });
  assert.is(answer.type === 'opened' && answer.transaction.status, 'PENDING');
  assert.is(answer.type === 'opened' && answer.waited, false);
});

function doorOver(options: Partial<FrontDoorOptions>): FrontDoor {
  return frontDoor({ statements: new MemoryStatements(), keyStore: memoryKeyStore(), ...options });
}

type Post = { readonly waitMs?: number; readonly signal?: AbortSignal; readonly changes?: Partial<OpenedTransaction> };

function post(door: FrontDoor, { waitMs = 0, signal, changes }: Post = {}): Promise<OpenAnswer> {
  used += 1;
  const transaction = openedTransaction(used, { idempotencyKey, ...changes });
  return door.openOnce({ transaction, waitMs, signal: signal ?? new AbortController().signal });
}

async function settle(door: FrontDoor, answer: OpenAnswer): Promise<void> {
  const id = idOf(answer) ?? transactionId(0);
  await door.directory.ask(id, { type: 'ApplyDecision', decision: approval, at: approval.decidedAt });
}

async function settleWhenOpened(door: FrontDoor): Promise<void> {
  const { id } = await within(5_000, 'the transaction to be opened', () => door.committed.at(0));
  await door.directory.ask(id, { type: 'ApplyDecision', decision: approval, at: approval.decidedAt });
}

function idOf(answer: OpenAnswer) {
  return answer.type === 'opened' ? answer.transaction.opened.id : undefined;
}

test.run();
