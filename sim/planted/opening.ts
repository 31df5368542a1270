/** Bugs of those who open transactions once, and answer for ever the same. */
import { Failure } from '../../src/platform/failure.ts';
import type { NewTransaction } from '../../src/persistence/statements.ts';
import { writeRecord } from '../../src/streams/envelope.ts';
import { openedEventId } from '../../src/streams/event-ids.ts';
import { transactionOpened } from '../../src/streams/event-kinds.ts';
import type { Ledger, UnitOfWork } from '../ports/ledger.ts';
import { keyOf } from '../ports/ledger.ts';
import type { Plant } from './plant.ts';
import { inQuery, inUnit } from './settling.ts';

export const openingPlants: readonly Plant[] = [
  {
    name: 'check-then-insert',
    what: 'the key is looked up first and the row inserted after, without a unique key',
    statements: (_inner, seam) => ({
      open: async (batch) => {
        const free = await inQuery(seam, (ledger) =>
          batch.filter(({ transaction }) => !ledger.byKey.has(keyOf(transaction.clientId, transaction.idempotencyKey))),
        );
        return inUnit(seam, batch.length, (ledger, unit) => {
          insertAll(ledger, unit, free);
          return new Set(free.map(({ transaction }) => transaction.id));
        });
      },
    }),
  },
  {
    name: 'conflict-ignored',
    what: 'an insert that met a key that is taken is answered as if it had been made',
    statements: (inner) => ({
      open: async (batch) => {
        await inner.open(batch);
        return new Set(batch.map(({ transaction }) => transaction.id));
      },
    }),
  },
  {
    name: 'accept-before-commit',
    what: 'the 201 is sent before the row is durable',
    statements: (inner) => ({
      open: async (batch) => {
        inner.open(batch).catch(() => undefined);
        return new Set(batch.map(({ transaction }) => transaction.id));
      },
    }),
  },
  {
    name: 'announce-before-commit',
    what: 'the transaction is announced before its unit of work commits, and stays announced when that is rolled back',
    statements: (inner, _seam, { eventLog }) => ({
      open: (batch) => {
        const records = batch.map(({ transaction: value }) =>
          writeRecord(transactionOpened, { id: openedEventId(value.id, 0), timeMs: value.createdAt, value }),
        );
        eventLog.append('verdict.transactions', records).catch(() => undefined);
        return inner.open(batch);
      },
    }),
  },
  {
    name: 'key-without-client-in-cache',
    what: 'the key store knows idempotency keys without their client',
    keyStore: (inner) => ({
      claim: (claims) => inner.claim(claims.map((claim) => ({ ...claim, key: clientless(claim.key) }))),
      put: (entries) => inner.put(entries.map((entry) => ({ ...entry, key: clientless(entry.key) }))),
      release: (claims) => inner.release(claims.map((claim) => ({ ...claim, key: clientless(claim.key) }))),
    }),
  },
  {
    name: 'cached-5xx',
    what: 'a failure is remembered as the answer of its key',
    api: (inner) => {
      const failures = new Map<string, unknown>();
      return {
        open: async (request) => {
          const name = keyOf(request.clientId, request.idempotencyKey);
          if (failures.has(name)) throw failures.get(name);
          try {
            return await inner.open(request);
          } catch (error) {
            failures.set(name, error);
            throw error;
          }
        },
      };
    },
  },
  {
    name: 'claim-never-released',
    what: 'the claim of a request that failed stays until it is told otherwise, and nobody tells it',
    keyStore: (inner) => ({
      claim: (claims) => inner.claim(claims.map((claim) => ({ ...claim, ttlMs: 86_400_000 }))),
      release: async () => undefined,
    }),
  },
  {
    name: 'body-not-compared',
    what: 'another body under a known key is answered with the transaction of the first',
    api: (inner) => ({
      open: async (request) => {
        const answer = await inner.open(request);
        if (answer.type !== 'key_reused') return answer;
        const [first] = await inner
          .list({ clientId: request.clientId, limit: 50 })
          .then((all) => all.filter(({ opened }) => opened.idempotencyKey === request.idempotencyKey));
        return first === undefined ? answer : { type: 'opened', transaction: first, replayed: true, waited: false };
      },
    }),
  },
  {
    name: 'answer-not-fixed',
    what: 'which version was answered is not recorded, so that a replay shows what is true now',
    statements: (inner) => ({
      fixAnswers: async (answers) => new Map(answers.map(({ id, version }) => [id, version])),
      loadByKey: async (keys) =>
        (await inner.loadByKey(keys)).map((row) => ({ ...row, answerVersion: row.transaction.version === 1 ? 1 : 2 })),
    }),
  },
  {
    name: 'unknown-outcome-is-failure',
    what: 'a commit whose reply was lost counts as one that did not happen, and the caller is given a new id',
    statements: (inner, seam) => ({
      open: async (batch) => {
        try {
          return await inner.open(batch);
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          // Opened again under keys that are surely free.
          return await inUnit(seam, batch.length, (ledger, unit) => {
            const missing = batch.filter(({ transaction }) => !ledger.rows.has(transaction.id));
            insertAll(ledger, unit, missing);
            return new Set(batch.map(({ transaction }) => transaction.id));
          });
        }
      },
    }),
  },
];

function insertAll(ledger: Ledger, unit: UnitOfWork, batch: readonly NewTransaction[]): void {
  for (const { transaction, answerVersion } of batch) {
    if (ledger.rows.has(transaction.id)) continue;
    ledger.record(
      unit,
      transaction.id,
      { type: 'TransactionOpened', at: transaction.createdAt, transaction },
      answerVersion,
    );
  }
}

/** `idempotency/<client>/<key>` without its middle. */
function clientless(name: string): string {
  return name.replace(/^idempotency\/[^/]+\//, 'idempotency/');
}
