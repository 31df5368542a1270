import * as assert from 'uvu/assert';

import type { Statements } from '../../src/persistence/statements.ts';
import type { TransactionId } from '../../src/transaction/ids.ts';
import { isTerminal } from '../../src/transaction/states.ts';
import { codeOf } from '../support/code-of.ts';
import type { FrontDoor, FrontDoorOptions } from '../support/front-door.ts';
import { frontDoor, memoryKeyStore } from '../support/front-door.ts';
import { MemoryStatements } from '../support/memory-statements.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction, rejection, transactionId } from '../support/transactions.ts';
import type { Fault } from '../support/with-faults.ts';
import { withFaults } from '../support/with-faults.ts';
import { within } from '../support/within.ts';

const test = suite('transaction actor');
const transaction = openedTransaction(1);
const { id, clientId, decideBy } = transaction;
const open = { type: 'Open', transaction, answerVersion: 1 } as const;
const approve = { type: 'ApplyDecision', decision: approval, at: approval.decidedAt } as const;
const reject = { type: 'ApplyDecision', decision: rejection, at: rejection.decidedAt } as const;
const never = new AbortController().signal;

test('opens, settles, and says so only after each commit', async () => {
  const statements = new MemoryStatements();
  await using door = doorOver(statements);
  assert.equal(await door.directory.ask(id, open), { opened: true });
  const settled = await door.directory.ask(id, approve);
  assert.is(settled.type, 'settled');
  assert.equal(await statusOf(statements), 'APPROVED');
  assert.equal(eventsOf(door), ['TransactionOpened', 'TransactionApproved']);
});

test('a decision delivered again changes nothing, one on an unknown transaction is told so', async () => {
  await using door = doorOver(new MemoryStatements());
  await door.directory.ask(id, open);
  await door.directory.ask(id, approve);
  assert.is((await door.directory.ask(id, approve)).type, 'unchanged');
  assert.is((await door.directory.ask(id, reject)).type, 'unchanged');
  assert.equal(await door.directory.ask(transactionId(2), approve), { type: 'unknown' });
  assert.equal(eventsOf(door), ['TransactionOpened', 'TransactionApproved']);
});

test('an unknown transaction is looked for again each time, another process may open it', async () => {
  const statements = new MemoryStatements();
  await using one = doorOver(statements);
  await using two = doorOver(statements);
  assert.is(await one.directory.ask(id, { type: 'Read' }), undefined);
  await two.directory.ask(id, open);
  assert.is((await one.directory.ask(id, { type: 'Read' }))?.status, 'PENDING');
});

test('expires by policy from its deadline on, and keeps a late decision as superseded', async () => {
  await using door = doorOver(new MemoryStatements());
  await door.directory.ask(id, open);
  const early = await door.directory.ask(id, { type: 'Expire', policy: 'REJECTED', at: decideBy - 1 });
  assert.is(early.type, 'unchanged');
  const expired = await door.directory.ask(id, { type: 'Expire', policy: 'REJECTED', at: decideBy });
  assert.is(expired.type, 'settled');
  assert.is((await door.directory.ask(id, approve)).type, 'settled');
  assert.is((await door.directory.ask(id, approve)).type, 'unchanged');
  assert.equal(eventsOf(door), ['TransactionOpened', 'TransactionRejected', 'DecisionSuperseded']);
});

test('a key that is held answers with its holder, and nothing is announced', async () => {
  await using door = doorOver(new MemoryStatements());
  await door.directory.ask(id, open);
  const other = openedTransaction(2, { idempotencyKey: transaction.idempotencyKey });
  const reply = await door.directory.ask(other.id, { type: 'Open', transaction: other, answerVersion: 1 });
  assert.is(reply.opened, false);
  assert.is(reply.opened ? undefined : reply.existing.transaction.opened.id, id);
  assert.equal(eventsOf(door), ['TransactionOpened']);
});

test('commits whose replies get lost are made again without harm', async () => {
  const statements = new MemoryStatements();
  const lost = new Set(['open', 'change']);
  await using door = doorOver(faulty(statements, (method) => (lost.delete(method) ? 'after' : undefined)));
  assert.equal(await door.directory.ask(id, open), { opened: true });
  const reply = await door.directory.ask(id, approve);
  assert.is(reply.type, 'unchanged');
  assert.is(reply.type === 'unchanged' ? reply.transaction.status : undefined, 'APPROVED');
  assert.equal(
    (await statements.history(clientId, id)).map(({ event }) => event.type),
    ['TransactionOpened', 'TransactionApproved'],
  );
  assert.is(door.committed.filter(({ event }) => event === 'TransactionOpened').length, 1);
});

test('an outage that lasts goes to the caller, nothing is announced, and the next message starts from the database', async () => {
  const statements = new MemoryStatements();
  let down = true;
  await using door = doorOver(faulty(statements, (method) => (down && method !== 'load' ? 'before' : undefined)));
  assert.is(await codeOf(door.directory.ask(id, open)), 'database_unavailable');
  assert.equal(eventsOf(door), []);
  assert.equal(
    door.faults.map(({ directive }) => directive),
    ['retry', 'retry', 'reset'],
  );
  down = false;
  await door.directory.ask(id, open);
  down = true;
  assert.is(await codeOf(door.directory.ask(id, approve)), 'database_unavailable');
  await statements.change([settledElsewhere]);
  assert.is((await door.directory.ask(id, { type: 'Read' }))?.status, 'REJECTED');
});

test('a version that moved on is loaded again: the first decision stays', async () => {
  const statements = new MemoryStatements();
  await using one = doorOver(statements);
  await using two = doorOver(statements);
  await one.directory.ask(id, open);
  await two.directory.ask(id, reject);
  const reply = await one.directory.ask(id, approve);
  assert.is(reply.type, 'unchanged');
  assert.is(reply.type === 'unchanged' ? reply.transaction.status : undefined, 'REJECTED');
  assert.equal(eventsOf(one), ['TransactionOpened']);
});

test('a decision about what was opened elsewhere is settled without a load; a repeat, a late one and an unknown one load and change what they may', async () => {
  const statements = new MemoryStatements();
  await using opener = doorOver(statements);
  await opener.directory.ask(id, open);
  let loads = 0;
  const counting = faulty(statements, (method) => ((loads += method === 'load' ? 1 : 0), undefined));
  await using settler = doorOver(counting, { idleMs: 1 });
  assert.equal(await settler.directory.ask(id, approve), { type: 'settled' });
  assert.is(loads, 0);
  assert.is((await settler.directory.ask(id, reject)).type, 'unchanged');
  assert.is(loads, 1);
  assert.is((await settler.directory.ask(transactionId(9), approve)).type, 'unknown');
  const late = openedTransaction(2);
  await opener.directory.ask(late.id, { type: 'Open', transaction: late, answerVersion: 1 });
  await opener.directory.ask(late.id, { type: 'Expire', policy: 'REJECTED', at: late.decideBy });
  assert.is((await settler.directory.ask(late.id, approve)).type, 'settled');
  assert.equal(
    settler.committed.map(({ event }) => event),
    ['TransactionApproved', 'DecisionSuperseded'],
  );
});

test('messages are handled one at a time: of many decisions at once, one settles', async () => {
  await using door = doorOver(new MemoryStatements());
  await door.directory.ask(id, open);
  const replies = await Promise.all(
    Array.from({ length: 50 }, (_, index) => door.directory.ask(id, index % 2 === 0 ? approve : reject)),
  );
  assert.equal(
    replies.map(({ type }) => type),
    ['settled', ...Array.from({ length: 49 }, () => 'unchanged')],
  );
});

test('a bug drops the actor and what waits in its mailbox, and its successor starts afresh', async () => {
  const statements = new MemoryStatements();
  let broken = false;
  await using door = doorOver(statements, {
    onCommitted: () => {
      if (broken) throw new TypeError('a bug');
    },
  });
  await door.directory.ask(id, open);
  const waiting = door.directory.ask(id, { type: 'AwaitTerminal', clientId, signal: never });
  broken = true;
  const replies = await Promise.allSettled([door.directory.ask(id, approve), door.directory.ask(id, approve)]);
  assert.equal(
    replies.map((reply) => reply.status === 'rejected' && reply.reason instanceof TypeError),
    [true, true],
  );
  assert.is((await waiting)?.status, 'APPROVED');
  assert.is(door.directory.size, 0);
  assert.is((await door.directory.ask(id, approve)).type, 'unchanged');
});

test('a waiter is woken by a settlement in its own process and does not hold it up', async () => {
  await using door = doorOver(new MemoryStatements());
  await door.directory.ask(id, open);
  const waiting = door.directory.ask(id, { type: 'AwaitTerminal', clientId, signal: never });
  assert.is((await door.directory.ask(id, { type: 'Read' }))?.status, 'PENDING');
  await door.directory.ask(id, approve);
  assert.is((await waiting)?.status, 'APPROVED');
});

test('a waiter is woken by what the journal says of other processes', async () => {
  const statements = new MemoryStatements();
  await using one = doorOver(statements);
  await using two = doorOver(statements);
  await one.directory.ask(id, open);
  const waiting = one.directory.ask(id, { type: 'AwaitTerminal', clientId, signal: never });
  await two.directory.ask(id, approve);
  const settled = await two.directory.ask(id, { type: 'Read' });
  if (settled === undefined || !isTerminal(settled)) throw new Error('not settled');
  one.directory.tell(id, { type: 'Observe', transaction: settled }, { ifPresent: true });
  assert.equal(await waiting, settled);
});

test('what is observed between the waiter and its first look is not lost', async () => {
  const statements = new MemoryStatements();
  const reading = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  // The look has been taken while the transaction was PENDING, and comes back only after it was settled and observed.
  const slow: Statements = new Proxy(statements, {
    get: (target, name) => {
      if (name !== 'read') return Reflect.get(statements, name).bind(target);
      return async (keys: Parameters<Statements['read']>[0]) => {
        const read = await target.read(keys);
        reading.resolve();
        await gate.promise;
        return read;
      };
    },
  });
  await using door = doorOver(slow);
  await door.directory.ask(id, open);
  const waiting = door.directory.ask(id, { type: 'AwaitTerminal', clientId, signal: never });
  await reading.promise;
  await door.directory.ask(id, approve);
  gate.resolve();
  assert.is((await waiting)?.status, 'APPROVED');
});

test('a wait ends with its signal, with what is true then', async () => {
  const statements = new MemoryStatements();
  await using door = doorOver(statements);
  await door.directory.ask(id, open);
  const [first, second] = [new AbortController(), new AbortController()];
  const pending = door.directory.ask(id, { type: 'AwaitTerminal', clientId, signal: first.signal });
  first.abort();
  assert.is((await pending)?.status, 'PENDING');
  const unobserved = door.directory.ask(id, { type: 'AwaitTerminal', clientId, signal: second.signal });
  await statements.change([settledElsewhere]);
  second.abort();
  assert.is((await unobserved)?.status, 'REJECTED');
});

test('nobody waits for what is unknown or belongs to another client', async () => {
  await using door = doorOver(new MemoryStatements());
  await door.directory.ask(id, open);
  const other = openedTransaction(2).clientId;
  const foreign = { type: 'AwaitTerminal', clientId: `${other}-2` as typeof other, signal: never } as const;
  assert.is(await door.directory.ask(id, foreign), undefined);
  assert.is(await door.directory.ask(transactionId(9), { ...foreign, clientId }), undefined);
});

test('waiters and messages are bounded', async () => {
  const gate = Promise.withResolvers<Fault>();
  const statements = faulty(new MemoryStatements(), (method) => (method === 'open' ? gate.promise : undefined));
  await using door = doorOver(statements, { mailboxMax: 2, waitersMax: 1 });
  const opening = [door.directory.ask(id, open), door.directory.ask(id, open)];
  assert.is(await codeOf(door.directory.ask(id, open)), 'overloaded');
  gate.resolve(undefined);
  await Promise.all(opening);
  const ending = new AbortController();
  const message = { type: 'AwaitTerminal', clientId, signal: ending.signal } as const;
  const waiting = door.directory.ask(id, message);
  assert.is(await codeOf(door.directory.ask(id, message)), 'overloaded');
  ending.abort();
  await waiting;
  await within(1_000, 'the actor to be asked again', () => door.directory.ask(id, message));
});

const settledElsewhere = {
  id,
  expectedVersion: 1 as const,
  event: { type: 'TransactionRejected' as const, at: rejection.decidedAt, decision: rejection },
};

function doorOver(statements: Statements, options: Partial<FrontDoorOptions> = {}): FrontDoor {
  return frontDoor({ statements, keyStore: memoryKeyStore(), ...options });
}

function faulty(statements: Statements, next: (method: string) => Fault | Promise<Fault>): Statements {
  return withFaults(statements, 'database_unavailable', next);
}

function eventsOf(door: FrontDoor): readonly string[] {
  return door.committed.map(({ event }) => event);
}

async function statusOf(statements: Statements, of: TransactionId = id): Promise<string | undefined> {
  const [stored] = await statements.load([of]);
  return stored?.transaction.status;
}

test.run();
