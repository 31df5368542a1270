/** What goes over the wire about dead letters: validation, TypeScript types and the OpenAPI document are made of these schemas. */
import { Type } from 'typebox';
import type { Static } from 'typebox';

const states = ['waiting', 're-driven', 'discarded'] as const;
const closed = { additionalProperties: false };

const time = (description: string) => Type.String({ format: 'date-time', description });
const filter = {
  topic: Type.Optional(
    Type.String({ maxLength: 249, description: 'The topic that the record was for, or its dead letters' }),
  ),
  cause: Type.Optional(
    Type.String({ pattern: '^[a-z_]{1,40}$', description: 'Why it was set aside', examples: ['bad_json'] }),
  ),
  since: Type.Optional(time('Set aside then or later')),
  transactionId: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: "The record's key: the id of its transaction, where it has one",
    }),
  ),
  state: Type.Optional(Type.Enum([...states], { description: 'What became of it' })),
};
const cursor = Type.Optional(
  Type.String({ pattern: '^[0-9._]{1,1800}$', description: '`next` of the answer before, with the same filter' }),
);

export const DeadLetterParameters = Type.Object(
  {
    ...filter,
    limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: 'Letters in a page' })),
    cursor,
  },
  closed,
);
export type DeadLetterParameters = Static<typeof DeadLetterParameters>;

const place = {
  topic: Type.String({ maxLength: 249, description: 'The topic of the dead letters' }),
  partition: Type.Integer({ minimum: 0, maximum: 99_999 }),
  offset: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
};
const force = Type.Optional(Type.Boolean({ description: 'Also what is re-driven or discarded already' }));
const dryRun = Type.Optional(Type.Boolean({ description: 'Only say what would be done' }));

export const DeadLetterActionBody = Type.Object(
  {
    letter: Type.Optional(Type.Object(place, { ...closed, description: 'One letter; this or `filter` must be given' })),
    filter: Type.Optional(Type.Object(filter, { ...closed, description: 'All that match; `{}` is every letter' })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 500, description: 'Letters in one call, 100 unless given' }),
    ),
    cursor,
    force,
    dryRun,
  },
  closed,
);
export type DeadLetterActionBody = Static<typeof DeadLetterActionBody>;

const Bytes = Type.Union([
  Type.Object({
    base64: Type.String(),
    text: Type.Union([Type.String(), Type.Null()], { description: 'Null where it is not UTF-8' }),
  }),
  Type.Null(),
]);

export const DeadLetter = Type.Object({
  ...place,
  origin: Type.Object({
    topic: Type.String(),
    partition: Type.Union([Type.Integer(), Type.Null()]),
    offset: Type.Union([Type.Integer(), Type.Null()]),
  }),
  cause: Type.String(),
  attempts: Type.Integer(),
  setAsideAt: time('When it was set aside'),
  state: Type.Enum([...states]),
  key: Bytes,
  value: Bytes,
  lostValueBytes: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Size of a value that was too large to be kept: such a letter cannot be put back',
  }),
  headers: Type.Record(Type.String(), Bytes, { description: 'As the record came' }),
  actions: Type.Array(
    Type.Object({
      action: Type.Enum(['re-drive', 'discard']),
      keyId: Type.String(),
      client: Type.String(),
      at: time('When it was asked for'),
      outcome: Type.Enum(['begun', 'done', 'failed'], { description: '`begun`: nobody knows whether it came about' }),
    }),
    { description: 'What operators did to it, oldest first' },
  ),
});

export const DeadLetterPage = Type.Object({
  items: Type.Array(DeadLetter, {
    description: 'Oldest first in each partition; may be few, or none, although more follow',
  }),
  next: Type.Union([Type.String(), Type.Null()], { description: 'The `cursor` of the next page; null at the end' }),
});

export const DeadLetterReport = Type.Object({
  dryRun: Type.Boolean(),
  matched: Type.Integer(),
  done: Type.Integer(),
  skipped: Type.Integer(),
  failed: Type.Integer(),
  letters: Type.Array(
    Type.Object({
      ...place,
      outcome: Type.Enum(['done', 'planned', 'skipped', 'failed']),
      reason: Type.Optional(Type.Enum(['already_re_driven', 'already_discarded', 'value_lost', 'refused'])),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()], { description: 'The `cursor` of the next call; null at the end' }),
});
