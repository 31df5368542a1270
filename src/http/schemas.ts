/** The one source of what goes over the wire: validation, TypeScript types and the OpenAPI document are made of these schemas. */
import { Type } from 'typebox';
import type { Static } from 'typebox';

const uuidPattern = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';
const statuses = ['PENDING', 'APPROVED', 'REJECTED'] as const;

const uuid = (description: string) => Type.String({ pattern: uuidPattern, description });
const time = (description: string) => Type.String({ format: 'date-time', description });
const transferType = (description: string) => Type.Integer({ minimum: 0, maximum: 2_147_483_647, description });

/** `value` has been replaced by its source text before this is asked, so no digit of it is lost; see parse-body.ts. */
export const OpenTransactionBody = Type.Object(
  {
    accountExternalIdDebit: uuid('The account that pays'),
    accountExternalIdCredit: uuid('The account that receives'),
    transferTypeId: Type.Optional(transferType('The kind of transfer; this or `tranferTypeId` must be given')),
    tranferTypeId: Type.Optional(transferType('Another spelling of `transferTypeId`')),
    value: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.String()], {
      description: 'A JSON number or decimal text greater than zero, read exactly; at most 15 digits in minor units',
      examples: [120, '1000.01'],
    }),
    currency: Type.Optional(
      Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217; decides the decimal places' }),
    ),
  },
  { additionalProperties: false },
);
export type OpenTransactionBody = Static<typeof OpenTransactionBody>;

const decimalText = Type.String();
/** The same body as the service checks it: `value` is text by then. */
export const ParsedOpenBody = Type.Object(
  { ...OpenTransactionBody.properties, value: decimalText },
  { additionalProperties: false },
);
export type ParsedOpenBody = Static<typeof ParsedOpenBody>;

const Decision = Type.Union([
  Type.Object({
    outcome: Type.Enum(['APPROVED', 'REJECTED']),
    ruleset: Type.Union([Type.String(), Type.Null()], { description: 'Null where the deadline decided' }),
    decidedBy: Type.Enum(['RULES', 'DEADLINE']),
    decidedAt: time('When it was decided'),
  }),
  Type.Null(),
]);
const reasons = Type.Array(Type.String(), { description: 'Reason codes, none where approved' });

export const Transaction = Type.Object({
  transactionExternalId: uuid('Made by this service; sorts by creation time'),
  transactionType: Type.Object({ name: Type.String() }),
  transactionStatus: Type.Object({ name: Type.Enum([...statuses]) }),
  value: Type.Number({ description: 'An exact decimal literal' }),
  currency: Type.Optional(Type.String()),
  createdAt: time('When it was opened'),
  decision: Decision,
  reasons,
  version: Type.Integer({ minimum: 1, maximum: 3 }),
});

export const TransactionPage = Type.Object({
  items: Type.Array(Transaction, { description: 'Newest first' }),
  next: Type.Union([Type.String(), Type.Null()], { description: 'The `cursor` of the next page' }),
});

export const TransactionHistory = Type.Object({
  transactionExternalId: uuid('The transaction'),
  events: Type.Array(
    Type.Object({
      version: Type.Integer({ minimum: 1 }),
      event: Type.String({ examples: ['transaction.opened'] }),
      at: time('When it happened'),
      decision: Decision,
      reasons,
    }),
  ),
});

export const ListParameters = Type.Object(
  {
    status: Type.Optional(Type.Enum([...statuses])),
    account: Type.Optional(uuid('Either side')),
    createdFrom: Type.Optional(time('Inclusive')),
    createdTo: Type.Optional(time('Exclusive')),
    limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: 'Transactions in a page' })),
    cursor: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{22}$', description: '`next` of the page before' })),
  },
  { additionalProperties: false },
);
export type ListParameters = Static<typeof ListParameters>;

const lastEventId = Type.Optional(
  Type.String({ maxLength: 64, description: 'For tools that cannot set the Last-Event-ID header, which wins' }),
);
export const StreamParameters = Type.Object(
  {
    status: Type.Optional(
      Type.String({
        pattern: `^(?:${statuses.join('|')})(?:,(?:${statuses.join('|')})){0,2}$`,
        description: 'Statuses, separated by commas',
      }),
    ),
    account: Type.Optional(uuid('Either side')),
    transactionId: Type.Optional(uuid('One transaction only')),
    lastEventId,
  },
  { additionalProperties: false },
);
export type StreamParameters = Static<typeof StreamParameters>;
export const TransactionStreamParameters = Type.Object({ lastEventId }, { additionalProperties: false });

export const ProblemBody = Type.Object({
  type: Type.String({ description: 'Stable; the table is in the description of the errors' }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  requestId: Type.Optional(Type.String()),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        pointer: Type.Optional(Type.String({ description: 'JSON Pointer into the request body' })),
        parameter: Type.Optional(Type.String({ description: 'Name in the query' })),
        code: Type.String(),
        detail: Type.String(),
      }),
    ),
  ),
});

export const Health = Type.Object({
  status: Type.Enum(['live', 'ready', 'degraded', 'unready', 'closing']),
  checks: Type.Optional(Type.Record(Type.String(), Type.Enum(['up', 'down']))),
});
