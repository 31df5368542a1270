/**
 * Writes a transaction as its JSON text. The text is a pure function of the transaction's state, so that a replay,
 * a GET and a stream frame at the same version hold the same bytes; `value` is an exact JSON number literal.
 */
import type { JournalEntry } from '../persistence/statements.ts';
import type { Decision } from '../transaction/decision.ts';
import { formatAmount } from '../transaction/money.ts';
import type { KnownTransaction } from '../transaction/states.ts';
import { isTerminal } from '../transaction/states.ts';

export function renderTransaction(transaction: KnownTransaction): string {
  const { opened, status, version } = transaction;
  const decision = isTerminal(transaction) ? transaction.decision : undefined;
  const currency = opened.currency === null ? '' : `,"currency":${JSON.stringify(opened.currency)}`;
  return (
    `{"transactionExternalId":"${opened.id}","transactionType":{"name":${JSON.stringify(opened.transferType.name)}}` +
    `,"transactionStatus":{"name":"${status}"},"value":${formatAmount(opened)}${currency}` +
    `,"createdAt":"${formatTime(opened.createdAt)}",${renderDecision(decision)},"version":${version}}`
  );
}

/** A strong validator: the version decides every byte of the answer. */
export function entityTag({ version }: KnownTransaction): string {
  return `"v${version}"`;
}

export function renderPage(transactions: readonly KnownTransaction[], next: string | null): string {
  return `{"items":[${transactions.map(renderTransaction).join()}],"next":${JSON.stringify(next)}}`;
}

export const historyNames = {
  TransactionOpened: 'transaction.opened',
  TransactionApproved: 'transaction.approved',
  TransactionRejected: 'transaction.rejected',
  DecisionSuperseded: 'transaction.decision_superseded',
} as const satisfies Record<JournalEntry['event']['type'], string>;

export function renderHistory(id: string, entries: readonly JournalEntry[]): string {
  return `{"transactionExternalId":"${id}","events":[${entries.map(renderHistoryEvent).join()}]}`;
}

function renderHistoryEvent({ event, transaction }: JournalEntry): string {
  const decision = event.type === 'TransactionOpened' ? undefined : event.decision;
  const name = historyNames[event.type];
  return `{"version":${transaction.version},"event":"${name}","at":"${formatTime(event.at)}",${renderDecision(decision)}}`;
}

function renderDecision(decision: Decision | undefined): string {
  if (decision === undefined) return '"decision":null,"reasons":[]';
  const { outcome, ruleset, decidedBy, decidedAt, reasons } = decision;
  const body = JSON.stringify({ outcome, ruleset, decidedBy, decidedAt: formatTime(decidedAt) });
  return `"decision":${body},"reasons":${JSON.stringify(reasons)}`;
}

function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}
