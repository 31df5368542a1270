import * as assert from 'uvu/assert';

import { codeOf } from '../support/code-of.ts';
import type { FrontDoor, FrontDoorOptions } from '../support/front-door.ts';
import { frontDoor, memoryKeyStore } from '../support/front-door.ts';
import { MemoryStatements } from '../support/memory-statements.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction, transactionId } from '../support/transactions.ts';
import type { Fault } from '../support/with-faults.ts';
import { withFaults } from '../support/with-faults.ts';
import { within } from '../support/within.ts';

const test = suite('directory');
const read = { type: 'Read' } as const;
const never = new AbortController().signal;

test('never holds more actors than its bound: the one that is idle longest leaves', async () => {
  const looked: string[] = [];
  const statements = withFaults(new MemoryStatements(), 'database_unavailable', (method) => {
    if (method === 'load') looked.push(method);
    return undefined;
  });
  await using door = doorOver({ statements, directoryMax: 2 });
  for (const number of [1, 2]) await openIn(door, number);
  await door.directory.ask(transactionId(1), read);
  await openIn(door, 3);
  assert.is(door.directory.size, 2);
  assert.is(looked.length, 0);
  await door.directory.ask(transactionId(1), read);
  assert.is(looked.length, 0, 'the first was used last and is still there');
  await door.directory.ask(transactionId(2), read);
  assert.is(looked.length, 1, 'the second has left and is loaded again');
});

test('refuses where none is idle, and goes on where one becomes so', async () => {
  const gate = Promise.withResolvers<Fault>();
  const statements = withFaults(new MemoryStatements(), 'database_unavailable', (method) =>
    method === 'open' ? gate.promise : undefined,
  );
  await using door = doorOver({ statements, directoryMax: 2 });
  const opening = [openIn(door, 1), openIn(door, 2)];
  assert.is(await codeOf(openIn(door, 3)), 'overloaded');
  gate.resolve(undefined);
  await Promise.all(opening);
  await openIn(door, 3);
  assert.is(door.directory.size, 2);
});

test('an actor with waiters is never passivated', async () => {
  await using door = doorOver({ directoryMax: 1, idleMs: 1 });
  const { clientId } = await openIn(door, 1);
  const id = transactionId(1);
  const waiting = door.directory.ask(id, { type: 'AwaitTerminal', clientId, signal: never });
  assert.is(await codeOf(door.directory.ask(transactionId(2), read)), 'overloaded');
  await door.directory.ask(id, { type: 'ApplyDecision', decision: approval, at: approval.decidedAt });
  assert.is((await waiting)?.status, 'APPROVED');
  await door.directory.ask(transactionId(2), read);
});

test('idle actors leave memory by themselves, and are found again', async () => {
  await using door = doorOver({ idleMs: 10 });
  for (const number of [1, 2, 3]) await openIn(door, number);
  await within(5_000, 'all actors to be passivated', () => door.directory.size === 0);
  assert.is((await door.directory.ask(transactionId(2), read))?.status, 'PENDING');
});

test('tells only those that are there, where asked to, and reports what fails', async () => {
  await using door = doorOver({});
  door.directory.tell(transactionId(1), read, { ifPresent: true });
  assert.is(door.directory.size, 0);
  door.directory.tell(transactionId(1), read);
  assert.is(door.directory.size, 1);
});

test('closing refuses what comes, ends waits with what is true, and finishes what was asked', async () => {
  const gate = Promise.withResolvers<Fault>();
  const statements = withFaults(new MemoryStatements(), 'database_unavailable', (method) =>
    method === 'change' ? gate.promise : undefined,
  );
  const door = doorOver({ statements });
  const { id, clientId } = await openIn(door, 1);
  const waiting = door.directory.ask(id, { type: 'AwaitTerminal', clientId, signal: never });
  const settling = door.directory.ask(id, { type: 'ApplyDecision', decision: approval, at: approval.decidedAt });
  const closing = door.directory[Symbol.asyncDispose]();
  assert.is(await codeOf(door.directory.ask(id, read)), 'stopped');
  assert.is((await waiting)?.status, 'PENDING');
  gate.resolve(undefined);
  assert.is((await settling).type, 'settled');
  await closing;
  door.directory.tell(id, read);
  await within(1_000, 'the refusal to be reported', () => door.faults.length > 0);
  await door[Symbol.asyncDispose]();
});

async function openIn(door: FrontDoor, number: number) {
  const transaction = openedTransaction(number);
  await door.directory.ask(transaction.id, { type: 'Open', transaction, answerVersion: 1 });
  return transaction;
}

function doorOver(options: Partial<FrontDoorOptions>): FrontDoor {
  return frontDoor({ statements: new MemoryStatements(), keyStore: memoryKeyStore(), ...options });
}

test.run();
