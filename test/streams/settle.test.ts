/** From decisions to terminal transactions. */
import * as assert from 'uvu/assert';

import { journalStart } from '../../src/persistence/cursor.ts';
import { writeRecord } from '../../src/streams/envelope.ts';
import { decisionEventId } from '../../src/streams/event-ids.ts';
import { decisionMade } from '../../src/streams/event-kinds.ts';
import type { TransactionId } from '../../src/transaction/ids.ts';
import { suite } from '../support/suite.ts';
import { transactionId } from '../support/transactions.ts';
import { Ring, topics } from './ring.ts';

const test = suite('settle');

test('a decision settles its transaction once, however often and under whatever attempt it comes', async () => {
  await using ring = await only();
  const id = await ring.open({ announced: false });
  for (const attempt of [0, 0, 9]) await decide(ring, id, attempt);
  assert.is(await ring.count('APPROVED'), 1);
  const { entries } = await ring.statements.readJournal(journalStart, 100);
  assert.equal(
    entries.map(({ event }) => event.type),
    ['TransactionOpened', 'TransactionApproved'],
  );
});

test('without its marks a repeat still changes nothing', async () => {
  await using ring = await only();
  const id = await ring.open({ announced: false });
  await decide(ring, id, 0);
  await ring.keys[Symbol.asyncDispose]();
  await decide(ring, id, 0);
  const { entries } = await ring.statements.readJournal(journalStart, 100);
  assert.is(entries.length, 2);
});

test('poison and decisions about nothing are set aside, and the flow goes on', async () => {
  await using ring = await only();
  const id = await ring.open({ announced: false });
  await ring.log.append(topics.decisions, [{ key: id, value: 'nope', headers: {} }]);
  await decide(ring, transactionId(777), 0);
  await decide(ring, id, 0);
  assert.equal(
    ring.deadLetters,
    ['bad_json', 'unknown_transaction'].map((cause) => `${topics.decisions} ${cause}`),
  );
  assert.is(await ring.count('APPROVED'), 1);
});

test('while the database is away nothing is poison, and nothing is lost', async () => {
  let away = false;
  await using ring = await only({ databaseAway: () => away });
  const id = await ring.open({ announced: false });
  away = true;
  await decide(ring, id, 0);
  await decide(ring, transactionId(777), 0);
  await ring.clock.advance(60_000);
  assert.equal(ring.deadLetters, []);
  away = false;
  await ring.clock.advance(3_000);
  assert.is(await ring.count('APPROVED'), 1);
  assert.equal(ring.deadLetters, [`${topics.decisions} unknown_transaction`]);
});

async function only(options: ConstructorParameters<typeof Ring>[0] = {}): Promise<Ring> {
  const ring = await Ring.start(options);
  await ring.stop('screen');
  await ring.stop('relay');
  return ring;
}

async function decide(ring: Ring, id: TransactionId, attempt: number): Promise<void> {
  const decision = { outcome: 'APPROVED', reasons: [], ruleset: 'test-1', decidedBy: 'RULES', decidedAt: 0 } as const;
  await ring.log.append(topics.decisions, [
    writeRecord(decisionMade, { id: decisionEventId(id, attempt), timeMs: 0, value: { transactionId: id, decision } }),
  ]);
  await ring.clock.advance(100);
}

test.run();
