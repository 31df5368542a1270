/** What Statements promises, for whoever keeps it. */
import * as assert from 'uvu/assert';

import { journalStart } from '../../src/persistence/cursor.ts';
import type { Statements, TransactionChange } from '../../src/persistence/statements.ts';
import type { ClientId, IdempotencyKey, TransactionId } from '../../src/transaction/ids.ts';
import type { Decision } from '../../src/transaction/decision.ts';
import type { Suite } from '../support/suite.ts';
import { accountId, approval, openedTransaction, rejection, transactionId } from '../support/transactions.ts';

/** `current` gives the statements under test over data that this suite may fill, the same ones at every call. */
export function statementsContract(test: Suite, current: () => Statements): void {
  let used = 0;
  const take = (): number => (used += 1);
  const other = 'other' as ClientId;

  const settle = (id: TransactionId, decision: Decision): TransactionChange => ({
    id,
    expectedVersion: 1,
    event: {
      type: decision.outcome === 'APPROVED' ? 'TransactionApproved' : 'TransactionRejected',
      at: decision.decidedAt,
      decision,
    },
  });

  const openOne = async (changes: Parameters<typeof openedTransaction>[1] = {}) => {
    const transaction = openedTransaction(take(), changes);
    assert.equal([...(await current().open([{ transaction, answerVersion: 1 }]))], [transaction.id]);
    return transaction;
  };

  test('an opened transaction is loaded as it was given, exactly', async () => {
    const transaction = await openOne({
      amountMinor: 999_999_999_999_999n,
      currency: 'PEN',
      creditAccountId: accountId(9),
    });
    assert.equal(await current().load([transaction.id]), [
      { transaction: { status: 'PENDING', version: 1, opened: transaction }, answerVersion: 1 },
    ]);
  });

  test('a key that is taken inserts nothing, in another batch and in the same', async () => {
    const first = await openOne();
    const again = openedTransaction(take(), { idempotencyKey: first.idempotencyKey });
    const twins = [take(), take()].map((number) =>
      openedTransaction(number, { idempotencyKey: 'the-same-key' as IdempotencyKey }),
    );
    const inserted = await current().open([again, ...twins].map((transaction) => ({ transaction, answerVersion: 1 })));
    assert.is(inserted.size, 1);
    assert.not(inserted.has(again.id));
    assert.is((await current().load([again.id])).length, 0);
  });

  test('the same key of another client is another key', async () => {
    const first = await openOne();
    const transaction = openedTransaction(take(), { clientId: other, idempotencyKey: first.idempotencyKey });
    assert.is((await current().open([{ transaction, answerVersion: 1 }])).size, 1);
    const found = await current().loadByKey([{ clientId: other, key: first.idempotencyKey }]);
    assert.equal(
      found.map((stored) => stored.transaction.opened.id),
      [transaction.id],
    );
  });

  test('a transaction is settled once, by whoever comes first', async () => {
    const { id } = await openOne();
    assert.equal([...(await current().change([settle(id, approval)]))], [id]);
    assert.is((await current().change([settle(id, rejection)])).size, 0);
    const [stored] = await current().load([id]);
    assert.is(stored?.transaction.status, 'APPROVED');
    assert.is(stored?.transaction.version, 2);
  });

  test('two writers settle many transactions at once in opposite orders: each once, none deadlocks', async () => {
    const ids: TransactionId[] = [];
    for (let count = 0; count < 40; count += 1) ids.push((await openOne()).id);
    const [one, two] = await Promise.all([
      current().change(ids.map((id) => settle(id, approval))),
      current().change(ids.toReversed().map((id) => settle(id, rejection))),
    ]);
    assert.is((one?.size ?? 0) + (two?.size ?? 0), ids.length);
  });

  test('a superseded decision is kept in the history and changes neither status nor decision', async () => {
    const { id, clientId } = await openOne();
    const deadline: Decision = {
      ...rejection,
      ruleset: null,
      decidedBy: 'DEADLINE',
      reasons: ['DECISION_DEADLINE_EXCEEDED'],
    };
    await current().change([settle(id, deadline)]);
    await current().change([
      { id, expectedVersion: 2, event: { type: 'DecisionSuperseded', at: approval.decidedAt, decision: approval } },
    ]);
    const history = await current().history(clientId, id);
    assert.equal(
      history.map(({ event }) => event.type),
      ['TransactionOpened', 'TransactionRejected', 'DecisionSuperseded'],
    );
    assert.equal(
      history.map(({ transaction }) => transaction.version),
      [1, 2, 3],
    );
    assert.equal(
      history.map(({ transaction }) => transaction.status),
      ['PENDING', 'REJECTED', 'REJECTED'],
    );
    const [stored] = await current().load([id]);
    assert.equal(stored?.transaction, {
      status: 'REJECTED',
      version: 3,
      opened: stored?.transaction.opened,
      decision: deadline,
    });
  });

  test('reads, history and lists hold nothing of another client', async () => {
    const { id } = await openOne();
    assert.is((await current().read([{ clientId: other, id }])).length, 0);
    assert.is((await current().history(other, id)).length, 0);
    assert.not((await current().list({ clientId: other, limit: 100 })).some(({ opened }) => opened.id === id));
    assert.is(
      (
        await current().read([
          { clientId: 'local' as ClientId, id },
          { clientId: other, id },
        ])
      ).length,
      1,
    );
  });

  test('the first answer that is fixed stays', async () => {
    const transaction = openedTransaction(take());
    await current().open([{ transaction, answerVersion: null }]);
    assert.is((await current().fixAnswers([{ id: transaction.id, version: 2 }])).get(transaction.id), 2);
    assert.is((await current().fixAnswers([{ id: transaction.id, version: 1 }])).get(transaction.id), 2);
  });

  test('lists go newest first by keyset, and filter by status, account and time', async () => {
    const clientId = 'lister' as ClientId;
    const opened = [];
    for (let count = 0; count < 5; count += 1) {
      opened.push(await openOne({ clientId, debitAccountId: accountId(count % 2 === 0 ? 50 : 51) }));
    }
    const [first, second, third, fourth, fifth] = opened.map(({ id }) => id);
    await current().change([settle(second as TransactionId, rejection)]);
    const ids = async (query: Partial<Parameters<Statements['list']>[0]>) =>
      (await current().list({ clientId, limit: 10, ...query })).map((found) => found.opened.id);
    assert.equal(await ids({}), [fifth, fourth, third, second, first]);
    assert.equal(await ids({ limit: 2 }), [fifth, fourth]);
    assert.equal(await ids({ before: fourth as TransactionId, limit: 2 }), [third, second]);
    assert.equal(await ids({ status: 'REJECTED' }), [second]);
    assert.equal(await ids({ account: accountId(51) }), [fourth, second]);
    assert.equal(await ids({ account: accountId(2), limit: 1 }), [fifth]);
    const from = opened[1]?.createdAt ?? 0;
    const to = opened[3]?.createdAt ?? 0;
    assert.equal(await ids({ createdFrom: from, createdTo: to }), [third, second]);
  });

  test('the journal read in pages of one is the journal read at once', async () => {
    const whole = await current().readJournal(journalStart, 1_000);
    const seen = [];
    let cursor = journalStart;
    for (;;) {
      const page = await current().readJournal(cursor, 1);
      seen.push(...page.entries);
      cursor = page.next;
      if (page.entries.length === 0) break;
    }
    assert.ok(whole.entries.length > 10);
    assert.equal(seen, whole.entries);
    assert.equal(cursor, whole.next);
  });

  test('of the terminal entries alone, pages pass over the others and end at the same place', async () => {
    await openOne();
    const whole = await current().readJournal(journalStart, 10_000);
    const wanted = whole.entries.filter(({ event }) => /Approved|Rejected/.test(event.type));
    assert.ok(wanted.length > 2 && wanted.length < whole.entries.length);
    const terminal = await current().readJournal(journalStart, 10_000, 'terminal');
    assert.equal(terminal, { ...whole, entries: wanted });
    const paged: (typeof wanted)[number][] = [];
    let page = await current().readJournal(journalStart, 2, 'terminal');
    for (; page.full; page = await current().readJournal(page.next, 2, 'terminal')) paged.push(...page.entries);
    assert.equal([...paged, ...page.entries], wanted);
  });

  test('a horizon cursor sees what is committed after it, and nothing from before', async () => {
    await openOne();
    const from = await current().horizon();
    const { id } = await openOne();
    const { entries } = await current().readJournal(from, 100);
    assert.equal(
      entries.map(({ transaction }) => transaction.opened.id),
      [id],
    );
  });

  test('cursors that were handed out are known, made-up rows are not', async () => {
    const { entries, next } = await current().readJournal(journalStart, 1_000);
    const last = entries.at(-1)?.cursor ?? journalStart;
    assert.is(await current().lookUpCursor(last), 'known');
    assert.is(await current().lookUpCursor(next), 'known');
    const madeUp = { xid: last.xid, position: last.position + 1_000_000n };
    assert.is(await current().lookUpCursor(madeUp), 'unknown');
  });

  test('the walk finds what is PENDING, passes what is settled, and waits for what is too young', async () => {
    const from = await current().horizon();
    const [settled, pending] = [await openOne(), await openOne()];
    await current().change([settle(settled.id, approval)]);
    const young = await current().walkPending(from, 60_000, 100);
    assert.equal(young, { pending: [], next: from, more: false });
    const walk = await current().walkPending(from, 0, 100);
    assert.equal(
      walk.pending.map(({ opened }) => opened),
      [pending],
    );
    assert.not(walk.more);
    assert.equal(await current().walkPending(walk.next, 0, 100), { pending: [], next: walk.next, more: false });
    const cut = await current().walkPending(from, 0, 1);
    assert.ok(cut.more);
    assert.equal([...(await current().stillPending([settled.id, pending.id, transactionId(900_000)]))], [pending.id]);
  });

  test('a named cursor is kept', async () => {
    assert.is(await current().loadCursor('never saved'), undefined);
    await current().saveCursor('a reader', { xid: 5n, position: 7n });
    await current().saveCursor('a reader', { xid: 6n, position: 1n });
    assert.equal(await current().loadCursor('a reader'), { xid: 6n, position: 1n });
  });

  test('a cursor is saved in the turn of whoever came last, and not for those before', async () => {
    const first = await current().takeTurn('a turn');
    assert.ok(await current().saveCursor('in turn', { xid: 1n, position: 1n }, first));
    const second = await current().takeTurn('a turn');
    assert.ok(second.number > first.number);
    assert.not(await current().saveCursor('in turn', { xid: 9n, position: 9n }, first));
    assert.not(await current().saveCursor('never in turn', { xid: 9n, position: 9n }, first));
    assert.equal(await current().loadCursor('in turn'), { xid: 1n, position: 1n });
    assert.is(await current().loadCursor('never in turn'), undefined);
    assert.ok(await current().saveCursor('in turn', { xid: 2n, position: 2n }, second));
    assert.equal(await current().loadCursor('in turn'), { xid: 2n, position: 2n });
  });

  test('the journal has a name that stays', async () => {
    const name = await current().journalId();
    assert.match(name, /^[0-9a-z]{12}$/);
    assert.is(await current().journalId(), name);
  });

  test('no batch is too empty', async () => {
    assert.is((await current().open([])).size, 0);
    assert.is((await current().change([])).size, 0);
    assert.is((await current().load([])).length, 0);
    assert.is((await current().stillPending([])).size, 0);
  });

  test('a count by status tells every row', async () => {
    const counts = await current().countByStatus();
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const journal = await current().readJournal(journalStart, 10_000);
    assert.is(total, journal.entries.filter(({ event }) => event.type === 'TransactionOpened').length);
  });
}
