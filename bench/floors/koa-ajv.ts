/** The floor of a framework: bare Koa that checks a body with Ajv and answers 201, and keeps nothing. */
import { randomUUID } from 'node:crypto';

import { Ajv } from 'ajv';
import formats from 'ajv-formats';

import { serveFace } from '../face/koa-face.ts';
import { readOrder } from '../face/order.ts';
import type { Order } from '../face/order.ts';

const ajv = new Ajv();
formats.default(ajv);
const isOrder = ajv.compile<Order>({
  type: 'object',
  required: ['accountExternalIdDebit', 'accountExternalIdCredit', 'tranferTypeId', 'value'],
  properties: {
    accountExternalIdDebit: { type: 'string', format: 'uuid' },
    accountExternalIdCredit: { type: 'string', format: 'uuid' },
    tranferTypeId: { type: 'integer', minimum: 1 },
    value: { type: 'number', exclusiveMinimum: 0 },
  },
});

const { ready } = await serveFace({
  open: async (request) => {
    const order: unknown = await readOrder(request);
    return isOrder(order) ? { id: randomUUID(), createdAt: new Date().toISOString(), order } : undefined;
  },
});
ready();
