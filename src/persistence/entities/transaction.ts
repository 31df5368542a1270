/** The row of a transaction, for lists and for checks; the hot path has statements of its own in `sql/`. */
import { defineEntity, p } from '@mikro-orm/core';

import type { InferEntity } from '@mikro-orm/core';

export const TransactionEntity = defineEntity({
  name: 'Transaction',
  tableName: 'transaction',
  properties: {
    id: p.uuid().primary(),
    clientId: p.text(),
    idempotencyKey: p.text(),
    debitAccountId: p.uuid(),
    creditAccountId: p.uuid(),
    transferTypeId: p.integer(),
    transferTypeName: p.text(),
    amountMinor: p.bigint('bigint'),
    digits: p.smallint(),
    currency: p.text().nullable(),
    createdAt: p.datetime(),
    decideBy: p.datetime(),
    answerVersion: p.smallint().nullable(),
    status: p.text(),
    version: p.smallint(),
    decision: p.json().nullable(),
  },
});

export type TransactionRecord = InferEntity<typeof TransactionEntity>;
