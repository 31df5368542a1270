/** Every key of the configuration, what it allows and why. The type, the check, `--help` and the table of the README come from here. */
import { Type } from 'typebox';

import type { Static } from 'typebox';
import { closed, oneOf, text } from './fields.ts';
import { roleNames } from './role-names.ts';
import { authSchema, httpSchema, sseSchema, statusFeedSchema } from './schema-edge.ts';
import { databaseSchema, eventLogSchema, keyStoreSchema } from './schema-stores.ts';
import {
  actorsSchema,
  announceSchema,
  batchingSchema,
  expireSchema,
  failpointSchema,
  logSchema,
  moneySchema,
  pruneSchema,
  relaySchema,
  resendSchema,
  rulesSchema,
  shutdownSchema,
  transferTypesSchema,
} from './schema-work.ts';

export const configSchema = Type.Object(
  {
    roles: Type.Array(oneOf(roleNames, 'A role.'), {
      minItems: 1,
      uniqueItems: true,
      description:
        'What this process does: one role, or several, comma-separated. `standalone`, `migrate` and `prune` stand alone.',
      allowed: `of ${roleNames.join(', ')}, comma-separated`,
    }),
    dataDir: text('^.+$', {
      description:
        'Directory of the embedded database. One process at a time; a relative path starts where the process was started.',
      allowed: 'a path',
    }),
    http: httpSchema,
    auth: authSchema,
    database: databaseSchema,
    eventLog: eventLogSchema,
    keyStore: keyStoreSchema,
    batching: batchingSchema,
    actors: actorsSchema,
    announce: announceSchema,
    resend: resendSchema,
    expire: expireSchema,
    relay: relaySchema,
    prune: pruneSchema,
    statusFeed: statusFeedSchema,
    sse: sseSchema,
    money: moneySchema,
    transferTypes: transferTypesSchema,
    rules: rulesSchema,
    log: logSchema,
    shutdown: shutdownSchema,
    failpoint: failpointSchema,
  },
  closed,
);

export type Config = ReadonlyDeep<Static<typeof configSchema>>;

type ReadonlyDeep<T> = T extends object ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> } : T;
