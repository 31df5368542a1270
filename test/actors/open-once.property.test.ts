import fc from 'fast-check';
import * as assert from 'uvu/assert';

import { journalStart } from '../../src/persistence/cursor.ts';
import { encodeTransaction } from '../../src/persistence/transaction-codec.ts';
import { Failure } from '../../src/platform/failure.ts';
import type { FrontDoor } from '../support/front-door.ts';
import { frontDoor, memoryKeyStore } from '../support/front-door.ts';
import { MemoryStatements } from '../support/memory-statements.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction } from '../support/transactions.ts';
import type { Fault } from '../support/with-faults.ts';
import { withFaults } from '../support/with-faults.ts';

const test = suite('open once, under all interleavings');

/** What the world does at one call of a port: how long it takes, whether it fails, and whether the key store forgets everything meanwhile. */
type Weather = { readonly turns: number; readonly fault: Fault; readonly flush: boolean };

const weather: fc.Arbitrary<Weather> = fc.record({
  turns: fc.nat(12),
  fault: fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom<Fault>('before', 'after') },
  ),
  flush: fc.nat(6).map((number) => number === 0),
});

const scenario = fc.record({
  posts: fc.array(fc.record({ door: fc.nat(1), waitMs: fc.constantFrom(0, 0, 2, 20), startAt: fc.nat(40) }), {
    minLength: 2,
    maxLength: 6,
  }),
  skies: fc.array(weather, { minLength: 40, maxLength: 120 }),
  settleAt: fc.nat(60),
});

test('two front doors, waiting or not, with lost replies and a key store that forgets: one transaction, one answer', async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async ({ posts, skies, settleAt }) => {
      const statements = new MemoryStatements();
      const keyStore = memoryKeyStore();
      const sky = skies.values();
      const next = async (): Promise<Fault> => {
        const now = sky.next();
        if (now.done === true) return undefined;
        await turns(now.value.turns);
        if (now.value.flush) await keyStore[Symbol.asyncDispose]();
        return now.value.fault;
      };
      const open = (): FrontDoor =>
        frontDoor({
          statements: withFaults(statements, 'database_unavailable', next),
          keyStore: withFaults(keyStore, 'key_store_unavailable', next),
          claimTtlMs: 10,
        });
      await using one = open();
      await using two = open();
      const doors = [one, two];
      const send = async (door: FrontDoor | undefined, waitMs: number): Promise<string> => {
        // A release that gets lost leaves its claim behind, which is waited out.
        for (const end = performance.now() + 5_000; performance.now() < end;) {
          number += 1;
          const transaction = openedTransaction(number, { idempotencyKey: openedTransaction(0).idempotencyKey });
          try {
            const answer = await door?.openOnce({ transaction, waitMs, signal: new AbortController().signal });
            if (answer?.type === 'opened') return encodeTransaction(answer.transaction);
            assert.is(answer?.type, 'in_flight');
          } catch (error) {
            if (!(error instanceof Failure)) throw error;
          }
          await turns(5);
        }
        throw new Error('not answered within 5 s');
      };
      const settle = async (): Promise<void> => {
        await turns(settleAt);
        for (const end = performance.now() + 5_000; performance.now() < end;) {
          const [entry] = (await statements.readJournal(journalStart, 1)).entries;
          if (entry === undefined) await turns(1);
          else {
            const event = { type: 'TransactionApproved', at: approval.decidedAt, decision: approval } as const;
            const { id } = entry.transaction.opened;
            await statements.change([{ id, expectedVersion: 1, event }]);
            const transaction = { ...entry.transaction, status: 'APPROVED', version: 2, decision: approval } as const;
            for (const { directory } of doors) {
              directory.tell(id, { type: 'Observe', transaction }, { ifPresent: true });
            }
            return;
          }
        }
      };
      const [answers] = await Promise.all([
        Promise.all(posts.map(({ door, waitMs, startAt }) => turns(startAt).then(() => send(doors[door], waitMs)))),
        settle(),
      ]);
      answers.push(await send(doors[0], 0), await send(doors[1], 20));
      await keyStore[Symbol.asyncDispose]();
      answers.push(await send(doors[1], 0));
      assert.equal([...new Set(answers)], answers.slice(0, 1));
      const { entries } = await statements.readJournal(journalStart, 100);
      assert.equal(
        entries.map(({ event }) => event.type),
        ['TransactionOpened', 'TransactionApproved'],
      );
    }),
    { numRuns: 400 },
  );
}, 60_000);

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test.run();
