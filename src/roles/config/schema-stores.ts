/** Configuration of what Verdict stands on: the database, the event log, the key store. Without an address each of them is embedded. */
import { Type } from 'typebox';

import { closed, count, optionalText, text } from './fields.ts';

export const databaseSchema = Type.Object(
  {
    url: optionalText('^postgres(ql)?://[^\\s]+$', {
      description:
        'PostgreSQL to use, `postgres://user:password@host:port/database`. Without it PGlite keeps the data in the data directory.',
      allowed: 'postgres://user:password@host:port/database',
      secret: true,
    }),
    poolMax: count(
      2,
      200,
      'Connections of one process for what goes by keys, at the most; up to six more serve measures, lists, wake-ups and the lease. Statements go in batches, so a few carry everything; all processes together stay below max_connections.',
    ),
    statementTimeoutMs: count(
      100,
      600_000,
      'Milliseconds that a statement may take. A batch of 500 takes under 20; a minute would hold every cursor back.',
    ),
    lockTimeoutMs: count(
      50,
      600_000,
      'Milliseconds that a statement may wait for a lock. Not longer than statementTimeoutMs.',
    ),
    connectTimeoutMs: count(
      100,
      60_000,
      'Milliseconds in which a connection, new or out of the pool, must be there; the pool alone would wait for ever.',
    ),
    idleInTransactionTimeoutMs: count(
      100,
      600_000,
      'Milliseconds after which the server ends an open unit of work in which nothing happens: a forgotten one stops every journal cursor.',
    ),
  },
  closed,
);

export const eventLogSchema = Type.Object(
  {
    brokers: Type.Array(text('^[^\\s,:]+:\\d{1,5}$', { description: 'A broker.' }), {
      maxItems: 100,
      uniqueItems: true,
      description:
        'Kafka brokers to start from, `host:port`, comma-separated. Without them the log lives in the process and is lost with it.',
      allowed: 'host:port, comma-separated',
    }),
    clientId: text('^[A-Za-z0-9._-]{1,100}$', {
      allowed: '1 to 100 letters, digits, dots, dashes or underscores',
      description: 'Name that brokers show for this process in their logs and quotas.',
    }),
    sessionTimeoutMs: count(
      6000,
      300_000,
      'Milliseconds without a heartbeat after which a group gives the partitions of a dead member away. 6 s is the least that brokers allow; more delays recovery.',
    ),
    requestTimeoutMs: count(
      500,
      300_000,
      'Milliseconds that a broker may take to answer before the request counts as lost.',
    ),
    topicPrefix: text('^[A-Za-z0-9._-]{0,100}$', {
      allowed: 'at most 100 letters, digits, dots, dashes or underscores',
      description:
        'Begin of the names of all topics and consumer groups, so that several installations can share brokers.',
    }),
    partitions: count(
      1,
      1000,
      'Partitions of each topic when it is created: the number of processes that can share a topic. Changing it later moves keys to other partitions.',
    ),
    replication: count(1, 10, 'Brokers that keep each record. 1 suits a single broker; 3 loses one without noticing.'),
    retentionMs: count(
      -1,
      31_536_000_000,
      'Milliseconds that records are kept, -1 for ever. The log may be lost as a whole; a week lets other systems read settlements after a long weekend.',
    ),
    deadLetterRetentionMs: count(
      -1,
      31_536_000_000,
      'Milliseconds that dead letters are kept, -1 for ever: time for somebody to look at them and put them back.',
    ),
  },
  closed,
);

export const keyStoreSchema = Type.Object(
  {
    url: optionalText('^rediss?://[^\\s]+$', {
      description:
        'Redis 7 or newer to use, `redis://[user:password@]host:port[/number]`. Without it keys live in the process.',
      allowed: 'redis://host:port or rediss://host:port',
      secret: true,
    }),
    prefix: text('^[A-Za-z0-9:._{}-]{0,100}$', {
      allowed: 'at most 100 letters, digits or . : _ - { }',
      description: 'Begin of every key, so that several installations can share a Redis.',
    }),
    commandTimeoutMs: count(
      10,
      10_000,
      'Milliseconds that Redis may take. It only makes things faster, so past this the work goes on without it: the most that a frozen Redis adds.',
    ),
    breakerFailuresMax: count(1, 1000, 'Failed calls in a row after which Redis is left alone for a while.'),
    breakerPauseMs: count(
      10,
      60_000,
      'Milliseconds for which a failing Redis is left alone before one call tries it again.',
    ),
    embeddedMax: count(
      1000,
      10_000_000,
      'Keys, and marks of each set, that the embedded key store remembers; the oldest go first. About 300 bytes each.',
    ),
    idempotencyTtlMs: count(
      1000,
      2_592_000_000,
      'Milliseconds that an idempotency key is answered without asking the database. The database knows it until the transaction is pruned.',
    ),
    claimTtlMs: count(
      500,
      600_000,
      'Milliseconds that a request holds its idempotency key while it is in flight. Longer than a slow answer takes, or a repeat finds out from the database.',
    ),
    dedupTtlMs: count(
      1000,
      86_400_000,
      'Milliseconds, to twice that, that the id of a handled record is remembered. Redeliveries follow a rebalance within seconds; at 5,000 a second two minutes cost about 100 MB.',
    ),
  },
  closed,
);
