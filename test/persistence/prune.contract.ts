/** What is pruned and what is not, and what readers of the journal are told afterwards, for whoever keeps the statements. */
import * as assert from 'uvu/assert';

import { journalStart, prunedCursor } from '../../src/persistence/cursor.ts';
import type { JournalCursor } from '../../src/persistence/cursor.ts';
import type { PruneRange, PruneStep, Statements } from '../../src/persistence/statements.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Decision } from '../../src/transaction/decision.ts';
import type { TransactionId } from '../../src/transaction/ids.ts';
import { codeOf } from '../support/code-of.ts';
import type { Suite } from '../support/suite.ts';
import { approval, openedTransaction, rejection, transactionId } from '../support/transactions.ts';

/** `current` gives the statements under test over data that nobody else fills. Each test looks only at what it has opened, for ids grow. */
export function pruneContract(test: Suite, current: () => Statements): void {
  let used = 0;

  const open = async (count: number): Promise<readonly TransactionId[]> => {
    const batch = Array.from({ length: count }, () => openedTransaction((used += 1)));
    await current().open(batch.map((transaction) => ({ transaction, answerVersion: 1 })));
    return batch.map(({ id }) => id);
  };
  const settle = async (ids: readonly TransactionId[], decision: Decision = approval): Promise<void> => {
    const type = decision.outcome === 'APPROVED' ? ('TransactionApproved' as const) : ('TransactionRejected' as const);
    const event = { type, at: decision.decidedAt, decision };
    await current().change(ids.map((id) => ({ id, expectedVersion: 1, event })));
  };
  const supersede = async (id: TransactionId): Promise<void> => {
    const event = { type: 'DecisionSuperseded', at: rejection.decidedAt, decision: rejection } as const;
    await current().change([{ id, expectedVersion: 2, event }]);
  };
  const loaded = async (ids: readonly TransactionId[]): Promise<readonly TransactionId[]> =>
    (await current().load(ids)).map(({ transaction }) => transaction.opened.id).toSorted();
  /** What was written in this very millisecond is not older than no age at all. */
  const passAll = async (name: string): Promise<void> => {
    await systemClock.sleep(2);
    await current().saveCursor(name, await current().horizon());
  };
  const range = (changes: Partial<PruneRange> = {}): PruneRange => ({
    ...{ after: transactionId(used), olderThanMs: 0, limit: 1_000, readers: ['a reader'], dryRun: false },
    ...changes,
  });
  const last = async (): Promise<JournalCursor> => {
    let cursor = (await current().loadCursor(prunedCursor)) ?? journalStart;
    for (;;) {
      const { entries, next } = await current().readJournal(cursor, 1_000);
      if (entries.length === 0) return cursor;
      cursor = entries.at(-1)?.cursor ?? next;
    }
  };
  const counts = ({ next: _next, ...step }: PruneStep): Omit<PruneStep, 'next'> => step;

  test('what is terminal goes with all of its journal rows; what is PENDING stays whole', async () => {
    const at = range();
    const ids = await open(4);
    const [approved = '', rejected = '', superseded = '', pending = ''] = ids;
    await settle([approved, superseded] as TransactionId[]);
    await settle([rejected] as TransactionId[], rejection);
    await supersede(superseded as TransactionId);
    await passAll('a reader');
    const step = await current().prune(at);
    assert.equal(step, { transactions: 3, journalRows: 7, pending: 1, held: 0, next: undefined });
    assert.equal(await loaded(ids), [pending]);
    for (const id of [approved, rejected, superseded] as TransactionId[]) {
      assert.equal(await current().history(openedTransaction(0).clientId, id), []);
    }
    assert.is((await current().history(openedTransaction(0).clientId, pending as TransactionId)).length, 1);
    assert.equal(counts(await current().prune(at)), { transactions: 0, journalRows: 0, pending: 1, held: 0 });
  });

  test('what is too young stays, whichever of its rows is', async () => {
    const at = range({ olderThanMs: 60_000 });
    const ids = await open(2);
    await settle(ids);
    await passAll('a reader');
    assert.equal(counts(await current().prune(at)), { transactions: 0, journalRows: 0, pending: 0, held: 2 });
    assert.equal(await loaded(ids), ids);
    const everything = range({ after: at.after, olderThanMs: 1_000 * 365 * 86_400_000 });
    assert.equal(counts(await current().prune(everything)), { transactions: 0, journalRows: 0, pending: 0, held: 0 });
  });

  test('nothing goes that one of the readers has still to pass, or that nobody has', async () => {
    const at = range();
    const [first = '', second = ''] = await open(2);
    const ids = [first, second] as TransactionId[];
    await settle([first] as TransactionId[]);
    await passAll('slow');
    await settle([second] as TransactionId[]);
    await passAll('fast');
    const prune = (readers: readonly string[], dryRun = true): Promise<PruneStep> =>
      current().prune({ ...at, readers, dryRun });
    assert.is((await prune(['fast'])).transactions, 2);
    assert.is((await prune(['fast', 'never saved'])).held, 2);
    assert.is((await prune([])).held, 2);
    assert.equal(counts(await prune(['slow', 'fast'], false)), {
      transactions: 1,
      journalRows: 2,
      pending: 0,
      held: 1,
    });
    assert.equal(await loaded(ids), [second]);
  });

  test('a late decision holds back until it is passed, too', async () => {
    const at = range();
    const [id] = (await open(1)) as [TransactionId];
    await settle([id]);
    await passAll('a reader');
    await supersede(id);
    assert.is((await current().prune(at)).held, 1);
    await passAll('a reader');
    assert.is((await current().prune(at)).journalRows, 3);
  });

  test('a dry run counts the same and removes nothing', async () => {
    const at = range();
    const ids = await open(5);
    await settle(ids.slice(1));
    await passAll('a reader');
    const pruned = await current().loadCursor(prunedCursor);
    const dry = await current().prune({ ...at, dryRun: true });
    assert.equal(counts(dry), { transactions: 4, journalRows: 8, pending: 1, held: 0 });
    assert.equal(await loaded(ids), ids);
    assert.equal(await current().loadCursor(prunedCursor), pruned);
    assert.equal(await current().prune(at), dry);
  });

  test('steps go on where the one before ended, and end', async () => {
    const at = range({ limit: 4 });
    const ids = await open(10);
    await settle(ids);
    await passAll('a reader');
    const seen: PruneStep[] = [];
    for (let after = at.after; seen.length < 9;) {
      const step = await current().prune({ ...at, after });
      seen.push(step);
      if (step.next === undefined) break;
      after = step.next;
    }
    assert.equal(
      seen.map(({ transactions, next }) => [transactions, next]),
      [
        [4, ids[3]],
        [4, ids[7]],
        [2, undefined],
      ],
    );
  });

  test('two at once remove each transaction once, beside one that settles', async () => {
    const at = range({ limit: 7 });
    const ids = await open(60);
    await settle(ids.slice(0, 40));
    await passAll('a reader');
    const walk = async (): Promise<number> => {
      let [removed, after] = [0, at.after];
      for (;;) {
        const step = await current().prune({ ...at, after });
        removed += step.transactions;
        if (step.next === undefined) return removed;
        after = step.next;
      }
    };
    const [one, two] = await Promise.all([walk(), walk(), settle(ids.slice(40)), supersedeAll(ids.slice(20, 40))]);
    await passAll('a reader');
    const rest = await walk();
    assert.is(one + two + rest, 60);
    assert.equal(await loaded(ids), []);
    const readable = await current().readJournal((await current().loadCursor(prunedCursor)) ?? journalStart, 1_000);
    assert.not(
      readable.entries.some(({ transaction }) => ids.includes(transaction.opened.id)),
      'a row was left behind',
    );
  });

  const supersedeAll = async (ids: readonly TransactionId[]): Promise<void> => {
    for (const id of ids) await supersede(id);
  };

  test('a key is free again once its transaction is pruned', async () => {
    const at = range();
    const [id] = (await open(1)) as [TransactionId];
    const { clientId, idempotencyKey } = openedTransaction(used);
    await settle([id]);
    await passAll('a reader');
    await current().prune(at);
    assert.equal(await current().loadByKey([{ clientId, key: idempotencyKey }]), []);
    const again = openedTransaction((used += 1), { idempotencyKey });
    assert.equal([...(await current().open([{ transaction: again, answerVersion: 1 }]))], [again.id]);
  });

  test('who stands before what was cut off is refused, not led past it; who stands at it or behind reads on', async () => {
    const at = range();
    await settle(await open(3));
    const horizon = await current().horizon();
    const before = await last();
    await settle(await open(3));
    await passAll('a reader');
    const rows = (await current().readJournal(before, 1_000)).entries.map(({ cursor }) => cursor);
    const cut = rows.at(-1) ?? journalStart;
    assert.equal([await current().lookUpCursor(horizon), await current().lookUpCursor(before)], ['known', 'known']);
    await current().prune(at);
    for (const cursor of [journalStart, before, horizon, ...rows.slice(0, -1)]) {
      assert.is(await current().lookUpCursor(cursor), 'pruned');
      assert.is(await codeOf(current().readJournal(cursor, 10)), 'journal_pruned');
      assert.is(await codeOf(current().readJournal(cursor, 10, 'terminal')), 'journal_pruned');
    }
    assert.equal(await current().loadCursor(prunedCursor), cut);
    assert.is(await current().lookUpCursor(cut), 'known');
    const [id] = await open(1);
    const { entries } = await current().readJournal(cut, 10);
    assert.equal(
      entries.map(({ transaction }) => transaction.opened.id),
      [id],
    );
    assert.is(await current().lookUpCursor({ ...cut, position: cut.position + 1_000_000n }), 'unknown');
  });

  test('what is cut never goes back', async () => {
    const at = range();
    const [older, newer] = [await open(2), await open(2)];
    await settle([...older, ...newer]);
    await passAll('a reader');
    await current().prune({ ...at, after: older.at(-1) });
    const pruned = await current().loadCursor(prunedCursor);
    assert.is((await current().prune({ ...at, limit: 2 })).transactions, 2);
    assert.equal(await current().loadCursor(prunedCursor), pruned);
  });
}
