/** The three events that travel on the log: their CloudEvents type and source, their schema, and how domain values become data and come back, exactly. */
import type { TSchema } from 'typebox';

import type { Decision } from '../transaction/decision.ts';
import { parseAccountId, parseClientId, parseTransactionId } from '../transaction/ids.ts';
import type { TransactionId } from '../transaction/ids.ts';
import type { OpenedTransaction } from '../transaction/states.ts';
import { decisionSchema, openedSchema, settledSchema } from './event-schemas.ts';
import type { DecisionData, OpenedData, SettledData } from './event-schemas.ts';

export type EventKind<Value, Data> = {
  /** Without its version. */
  readonly type: string;
  readonly version: number;
  readonly source: string;
  readonly schema: TSchema;
  readonly subjectOf: (value: Value) => TransactionId;
  readonly write: (value: Value) => Data;
  /** Undefined where data of the right shape makes no sense, such as the 31st of June. */
  readonly read: (data: Data) => Value | undefined;
};

/** What the log is told of an opened transaction: all but the caller's key, which is nobody else's business. */
export type AnnouncedTransaction = Omit<OpenedTransaction, 'idempotencyKey'>;
/** Only rules speak through the log: the deadline is the relay's own. */
export type RulesDecision = Decision & { readonly ruleset: string; readonly decidedBy: 'RULES' };
export type DeliveredDecision = { readonly transactionId: TransactionId; readonly decision: RulesDecision };
export type Settlement = {
  readonly opened: AnnouncedTransaction;
  readonly decision: Decision;
  readonly settledAt: number;
};

export const transactionOpened: EventKind<AnnouncedTransaction, OpenedData> = {
  type: 'verdict.transaction.opened',
  version: 1,
  source: '/verdict/front-door',
  schema: openedSchema,
  subjectOf: (opened) => opened.id,
  write: writeOpened,
  read: readOpened,
};

export const decisionMade: EventKind<DeliveredDecision, DecisionData> = {
  type: 'verdict.decision.made',
  version: 1,
  source: '/verdict/anti-fraud',
  schema: decisionSchema,
  subjectOf: ({ transactionId }) => transactionId,
  write: ({ transactionId, decision: { outcome, reasons, ruleset, decidedAt } }) => ({
    ...{ transactionId, outcome, reasons: [...reasons], ruleset, decidedAt: iso(decidedAt) },
  }),
  read: ({ transactionId: id, outcome, reasons, ruleset, decidedAt: time }) => {
    const [transactionId, decidedAt] = [parseTransactionId(id), Date.parse(time)];
    if (transactionId === undefined || Number.isNaN(decidedAt)) return undefined;
    return { transactionId, decision: { outcome, reasons, ruleset, decidedBy: 'RULES', decidedAt } };
  },
};

export const transactionSettled: EventKind<Settlement, SettledData> = {
  type: 'verdict.transaction.settled',
  version: 1,
  source: '/verdict/relay',
  schema: settledSchema,
  subjectOf: ({ opened }) => opened.id,
  write: ({ opened, decision, settledAt }) => ({
    ...writeOpened(opened),
    status: decision.outcome,
    decision: { ...decision, reasons: [...decision.reasons], decidedAt: iso(decision.decidedAt) },
    settledAt: iso(settledAt),
  }),
  read: (data) => {
    const { outcome, reasons, ruleset, decidedBy } = data.decision;
    const [opened, decidedAt, settledAt] = [
      readOpened(data),
      Date.parse(data.decision.decidedAt),
      Date.parse(data.settledAt),
    ];
    if (opened === undefined || Number.isNaN(decidedAt) || Number.isNaN(settledAt)) return undefined;
    return { opened, decision: { outcome, reasons, ruleset, decidedBy, decidedAt }, settledAt };
  },
};

/** Member by member: what else a value may carry does not leak onto the log. */
function writeOpened(opened: AnnouncedTransaction): OpenedData {
  const { id, clientId, debitAccountId, creditAccountId, transferType, amountMinor, digits, currency } = opened;
  return {
    ...{ id, clientId, debitAccountId, creditAccountId, digits, currency },
    transferType: { id: transferType.id, name: transferType.name },
    amountMinor: amountMinor.toString(),
    createdAt: iso(opened.createdAt),
    decideBy: iso(opened.decideBy),
  };
}

function readOpened(data: OpenedData): AnnouncedTransaction | undefined {
  const [id, clientId] = [parseTransactionId(data.id), parseClientId(data.clientId)];
  const [debitAccountId, creditAccountId] = [parseAccountId(data.debitAccountId), parseAccountId(data.creditAccountId)];
  const [createdAt, decideBy] = [Date.parse(data.createdAt), Date.parse(data.decideBy)];
  if (id === undefined || clientId === undefined || debitAccountId === undefined) return undefined;
  if (creditAccountId === undefined || Number.isNaN(createdAt) || Number.isNaN(decideBy)) return undefined;
  const { digits, currency } = data;
  const transferType = { id: data.transferType.id, name: data.transferType.name };
  const amountMinor = BigInt(data.amountMinor);
  return {
    id,
    clientId,
    debitAccountId,
    creditAccountId,
    transferType,
    amountMinor,
    digits,
    currency,
    createdAt,
    decideBy,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
