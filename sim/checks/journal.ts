/** I2, I3, I8: each transaction goes its way once, for a reason, and row and journal agree. */
import { apply } from '../../src/transaction/apply.ts';
import type { TransactionId } from '../../src/transaction/ids.ts';
import type { KnownTransaction, TransactionState } from '../../src/transaction/states.ts';
import { unknownTransaction } from '../../src/transaction/states.ts';
import type { JournalRow } from '../ports/ledger.ts';
import type { Evidence } from './check.ts';

export function checkJournal(evidence: Evidence): void {
  const { ledger, world } = evidence;
  const histories = Map.groupBy(ledger.journal, ({ transaction }) => transaction.opened.id);
  for (const [id, { transaction }] of ledger.rows) {
    const history = histories.get(id) ?? [];
    histories.delete(id);
    checkVersions(evidence, transaction, history);
    checkReasons(evidence, transaction);
    checkRequest(evidence, transaction);
  }
  for (const id of histories.keys()) world.violate('I8', 'journal rows without a row', id);
  for (const key of evidence.index.announced)
    if (!ledger.rows.has(key as TransactionId) && !evidence.poisoned.has(key))
      world.violate('I3', 'announced without a row', key);
}

function checkVersions({ world }: Evidence, row: KnownTransaction, history: readonly JournalRow[]): void {
  const { id } = row.opened;
  if (row.version === 3) world.sometimes('decision-superseded');
  const inOrder = history.toSorted((a, b) => a.transaction.version - b.transaction.version);
  const versions = inOrder.map(({ transaction }) => transaction.version);
  if (versions.join() !== Array.from({ length: row.version }, (_, index) => index + 1).join())
    return world.violate('I8', `the row has version ${row.version}, its journal ${versions.join()}`, id);
  try {
    const folded = inOrder.reduce<TransactionState>((state, { event }) => apply(state, event), unknownTransaction);
    if (folded.status !== row.status)
      world.violate('I2', `the row says ${row.status}, its journal ${folded.status}`, id);
  } catch (error) {
    world.violate('I2', String(error), id);
  }
}

function checkReasons({ world, index, broker, topics }: Evidence, row: KnownTransaction): void {
  if (row.status === 'PENDING') return;
  const { id } = row.opened;
  const { decidedBy, decidedAt } = row.decision;
  if (decidedBy === 'DEADLINE') {
    world.sometimes('settled-by-deadline');
    if (decidedAt < row.opened.decideBy) world.violate('I3', 'the deadline decided before it had come', id);
    return;
  }
  if (!index.decided.has(id)) world.violate('I3', `${row.status} without a decision`, id);
  const said = broker.appended.some(
    ({ record }) =>
      record.topic === topics.decisions &&
      record.key?.toString() === id &&
      record.value?.toString().includes(`"outcome":"${row.status}"`) === true,
  );
  if (!said) world.violate('I3', `${row.status}, which no decision says`, id);
}

function checkRequest({ world, clients }: Evidence, { opened }: KnownTransaction): void {
  const asked = [...clients.sent].some((sent) => sent.startsWith(`${opened.clientId} ${opened.idempotencyKey} `));
  if (!asked) world.violate('I8', 'a row without a request', opened.id);
}
