/** One row of the journal: append-only, written by the same statement as the row of the transaction it tells about. */
import { defineEntity, p } from '@mikro-orm/core';

export const TransactionEventEntity = defineEntity({
  name: 'TransactionEvent',
  tableName: 'transaction_event',
  properties: {
    xid: p.text().primary(),
    position: p.bigint('bigint').primary(),
    transactionId: p.uuid(),
    version: p.smallint(),
    type: p.text(),
    data: p.json().nullable(),
    at: p.datetime(),
    recordedAt: p.datetime(),
  },
});
