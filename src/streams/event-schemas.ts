/**
 * What the data of each event looks like on the log, version 1. Unknown members are ignored, so that members can be added without a new version.
 * Money is whole minor units as decimal text, so that no reader's double can round it; times are RFC 3339 in UTC with milliseconds.
 */
import { Type } from 'typebox';
import type { Static } from 'typebox';

const uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'A UUID, lower case.',
});
const time = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  description: 'RFC 3339, UTC, milliseconds.',
});
const outcome = Type.Unsafe<'APPROVED' | 'REJECTED'>({ type: 'string', enum: ['APPROVED', 'REJECTED'] });
const reasons = Type.Array(Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,63}$' }), {
  maxItems: 100,
  description: 'Reason codes; none where approved.',
});
const ruleset = Type.String({ minLength: 1, maxLength: 100, description: 'The version of the ruleset that decided.' });

const transaction = {
  id: uuid,
  clientId: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }),
  debitAccountId: uuid,
  creditAccountId: uuid,
  transferType: Type.Object({ id: Type.Integer({ minimum: 0 }), name: Type.String({ minLength: 1, maxLength: 100 }) }),
  amountMinor: Type.String({ pattern: '^[1-9]\\d{0,14}$', description: 'Whole minor units.' }),
  digits: Type.Integer({ minimum: 0, maximum: 6, description: 'Decimal places of the minor unit.' }),
  currency: Type.Unsafe<string | null>({ type: ['string', 'null'], pattern: '^[A-Z]{3}$', description: 'ISO 4217.' }),
  createdAt: time,
  decideBy: time,
};

export const openedSchema = Type.Object(transaction, { description: 'A transaction was accepted and is PENDING.' });
export type OpenedData = Static<typeof openedSchema>;

export const decisionSchema = Type.Object(
  { transactionId: uuid, outcome, reasons, ruleset, decidedAt: time },
  { description: 'The rules have judged a transaction.' },
);
export type DecisionData = Static<typeof decisionSchema>;

export const settledSchema = Type.Object(
  {
    ...transaction,
    status: outcome,
    decision: Type.Object({
      outcome,
      reasons,
      ruleset: Type.Unsafe<string | null>({ ...ruleset, type: ['string', 'null'] }),
      decidedBy: Type.Unsafe<'RULES' | 'DEADLINE'>({ type: 'string', enum: ['RULES', 'DEADLINE'] }),
      decidedAt: time,
    }),
    settledAt: time,
  },
  { description: 'A transaction became terminal.' },
);
export type SettledData = Static<typeof settledSchema>;
