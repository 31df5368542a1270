/** Configuration of the work between the edge and the stores: batches, actors, the ways onto the event log, deadlines. */
import { Type } from 'typebox';

import { failpointPattern } from '../failpoints.ts';
import { closed, count, oneOf, optionalDuration, optionalText, text, yesOrNo } from './fields.ts';

export const batchingSchema = Type.Object(
  {
    paceMs: count(
      0,
      1000,
      'Milliseconds from the start of one batch to the earliest start of the next, in proportion less after one of fewer than 32 items. 10 gave 6,400–6,900 transactions a second where 0 gave 4,100–5,600.',
    ),
    batchMax: count(
      1,
      5000,
      'Items of one batch at the most. Past a few hundred a larger statement is not cheaper per row, only longer.',
    ),
    waitingMax: count(
      10,
      1_000_000,
      'Items waiting for a batch at the most (503 past it): less than two seconds of full rate, so that no answer comes too late to matter.',
    ),
  },
  closed,
);

export const actorsSchema = Type.Object(
  {
    directoryMax: count(
      100,
      1_000_000,
      'Transactions in memory at once at the most, about 2 kB each. Past it the idle ones leave first, then new ones are refused.',
    ),
    mailboxMax: count(
      1,
      10_000,
      'Messages waiting for one transaction at the most. One transaction gets a handful in its life; more is a fault of the sender.',
    ),
    idleMs: count(
      10,
      600_000,
      'Milliseconds without a message after which a transaction leaves memory. Most are settled within one second.',
    ),
  },
  closed,
);

export const announceSchema = Type.Object(
  {
    queueMax: count(
      1,
      1_000_000,
      'Opened transactions waiting for the event log at the most: about 3 s of full rate. What does not fit is dropped and sent again by the relay.',
    ),
  },
  closed,
);

export const resendSchema = Type.Object(
  {
    afterMs: count(
      100,
      3_600_000,
      'Milliseconds that a transaction is PENDING before the relay asks whether the log lost it. Several times the usual way to a decision (under 200 ms).',
    ),
    everyMs: count(10, 60_000, 'Milliseconds between the passes of the relay.'),
    jitterMs: count(
      0,
      60_000,
      'Milliseconds, at the most, added to a pass by chance, so that relays of several installations do not march in step.',
    ),
    batchMax: count(
      1,
      10_000,
      'Transactions sent again in one pass at the most: re-sending must never outrun what consumers can take.',
    ),
    stragglersMax: count(
      100,
      10_000_000,
      'PENDING transactions that the relay remembers at the most, about 200 bytes each. Past it the walk waits until some are settled.',
    ),
  },
  closed,
);

export const expireSchema = Type.Object(
  {
    decideWithinMs: count(
      1000,
      604_800_000,
      'Milliseconds after which a transaction without a decision is settled by policy. Twice the 60 s in which everything comes back after a total failure.',
    ),
    policy: oneOf(
      ['REJECTED', 'APPROVED'],
      'What becomes of a transaction that nobody judged in time. REJECTED keeps money where it is; APPROVED lets everything through while anti-fraud is away.',
    ),
  },
  closed,
);

export const relaySchema = Type.Object(
  {
    batchMax: count(
      1,
      10_000,
      'Settlements published at once at the most: large and unhurried, since 200 in one send cost 13 µs each and one alone 550.',
    ),
    everyMs: count(10, 60_000, 'Milliseconds between looks into the journal when it has nothing new.'),
    refillMs: count(
      1_000,
      86_400_000,
      'Milliseconds (and up to twice that) of settlements that are published again when their log was emptied: more than its readers are ever behind.',
    ),
  },
  closed,
);

export const pruneSchema = Type.Object(
  {
    olderThanMs: optionalDuration(
      60_000,
      315_360_000_000,
      'Age from which the role prune removes terminal transactions; none, so that nobody removes anything without saying so. Longer than what else still speaks of them.',
    ),
    batchMax: count(
      1,
      5000,
      'Transactions looked at in one statement at the most. Readers of the journal wait while it runs: 500 take about 10 ms, and larger ones are cheaper in all.',
    ),
    busyPercentMax: count(
      1,
      100,
      'Share of the time that statements of a prune take at the most; it rests for the remainder.',
    ),
    dryRun: yesOrNo('Whether a prune only counts.'),
  },
  closed,
);

export const moneySchema = Type.Object(
  {
    defaultDigits: count(0, 6, 'Decimal places of an amount that comes without a currency.'),
    currencies: Type.Record(Type.String({ pattern: '^[A-Z]{3}$' }), Type.Integer({ minimum: 0, maximum: 6 }), {
      additionalProperties: false,
      description: 'Currencies that are accepted, ISO 4217 code to decimal places. Files only.',
      allowed: 'three capital letters, and 0 to 6 decimal places for each',
    }),
  },
  closed,
);

export const transferTypesSchema = Type.Record(
  Type.String({ pattern: '^[1-9][0-9]{0,8}$' }),
  Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,39}$' }),
  {
    additionalProperties: false,
    minProperties: 1,
    description:
      'Transfer types that are accepted, id to name. A transaction keeps the name that it was opened with. Files only.',
    allowed: 'ids from 1 on, and a name in capital letters for each',
  },
);

export const rulesSchema = Type.Object(
  {
    directory: text('^.+$', {
      description:
        'Directory of the rulesets, one file per version; the newest version judges. A relative path starts at `config/`.',
      allowed: 'a path',
    }),
  },
  closed,
);

export const logSchema = Type.Object(
  {
    level: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'Least severe level that is logged.'),
  },
  closed,
);

export const failpointSchema = optionalText(failpointPattern, {
  description:
    'Where this process dies, throws or hangs, for tests of what comes after: `<place>:kill|throw|hang[:hit]`. Only with NODE_ENV=test.',
  allowed: 'a place and an action, like statements.open.after:kill',
});

export const shutdownSchema = Type.Object(
  {
    graceMs: count(
      100,
      600_000,
      'Milliseconds from SIGTERM in which work in hand is finished. Orchestrators kill after 10 s or more; the rest is for closing.',
    ),
  },
  closed,
);
