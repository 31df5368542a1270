import * as assert from 'uvu/assert';
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';

import { Directory } from '../../src/actors/directory.ts';
import type { StoredTransaction } from '../../src/persistence/statements.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction } from '../support/transactions.ts';

const test = suite('directory, over a long day');
const directoryMax = 10_000;

test('100,000 transactions through a directory of 10,000 leave the heap flat', async () => {
  const collect = garbageCollector();
  await using directory = new Directory({
    directoryMax,
    clock: systemClock,
    mailboxMax: 100,
    waitersMax: 100,
    idleMs: 60_000,
    supervision: { triesMax: 3, pauseMs: 1 },
    store: { open: async () => ({ opened: true }), change: async () => true, load, read: load },
    onCommitted: () => undefined,
    onFault: (error) => assert.unreachable(String(error)),
  });
  const heaps: number[] = [];
  for (let thousand = 0; thousand < 100; thousand += 1) {
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => settle(directory, thousand * 1_000 + index)));
    if (thousand % 10 !== 9) continue;
    collect();
    heaps.push(process.memoryUsage().heapUsed);
  }
  assert.ok(directory.size <= directoryMax && directory.size > 0.9 * directoryMax, `${directory.size} actors`);
  const [full = 0, ...later] = heaps;
  const grownBytes = Math.max(...later) - full;
  assert.ok(grownBytes < 4 * 1024 * 1024, `the heap grew by ${grownBytes} bytes: ${heaps.join(', ')}`);
}, 60_000);

async function settle(directory: Directory, number: number): Promise<void> {
  const transaction = openedTransaction(number);
  await directory.ask(transaction.id, { type: 'Open', transaction, answerVersion: 1 });
  const reply = await directory.ask(transaction.id, {
    type: 'ApplyDecision',
    decision: approval,
    at: approval.decidedAt,
  });
  assert.is(reply.type, 'settled');
}

/** Nothing is kept here, so that only the directory's memory is measured. */
async function load(): Promise<StoredTransaction | undefined> {
  return undefined;
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this Node does not let its garbage collector be called');
  return () => collect();
}

test.run();
