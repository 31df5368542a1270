/** A round speaks only for what was there when it began. */
import * as assert from 'uvu/assert';

import { EmbeddedEventLog } from '../../src/platform/event-log/embedded.ts';
import { writeRecord } from '../../src/streams/envelope.ts';
import { openedEventId } from '../../src/streams/event-ids.ts';
import { transactionOpened } from '../../src/streams/event-kinds.ts';
import { hasPassed, wentBack } from '../../src/streams/log-debt.ts';
import { resend } from '../../src/streams/resend.ts';
import { Stragglers } from '../../src/streams/stragglers.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';
import { MemoryStatements } from '../support/memory-statements.ts';
import { suite } from '../support/suite.ts';
import { openedTransaction } from '../support/transactions.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const test = suite('re-send, one round');
const topics = topicNames('test.');

test('what comes while a round waits is left to the next round, however far the group has got', async () => {
  const clock = new VirtualClock();
  const statements = new MemoryStatements({ clock });
  await using log = new EmbeddedEventLog({ clock, batchMax: 1 });
  const sizes = { partitions: 1, replication: 1, retentionMs: -1, deadLetterRetentionMs: -1 };
  await log.ensureTopics(topicSpecs(topics, sizes));
  const stragglers = new Stragglers(10);
  const stopping = new AbortController();
  const { signal } = stopping;
  const resent: number[] = [];
  const announce = async (number: number): Promise<void> => {
    const value = openedTransaction(number, { decideBy: clock.now() + 600_000 });
    await statements.open([{ transaction: value, answerVersion: 1 }]);
    await log.append(topics.transactions, [
      writeRecord(transactionOpened, { id: openedEventId(value.id, 0), timeMs: 0, value }),
    ]);
    stragglers.add({ id: value.id, cursor: await statements.horizon(), decideBy: value.decideBy });
  };
  const pipeline = resend({
    ...{ statements, log, topics, stragglers, clock, signal, entropy: { fraction: () => 0 } },
    ...{ everyMs: 100, jitterMs: 0, batchMax: 100, rest: { firstMs: 60_000, maxMs: 60_000 } },
  });
  const ended = pipeline.forEach((count) => resent.push(count));
  await announce(1);
  await clock.advance(1_000);
  await announce(2);
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let offered = 0;
  const handle = async (): Promise<void> => gates[offered++]?.promise;
  const consuming = log.consume({ topic: topics.transactions, group: topics.antiFraudGroup, signal, handle });
  gates[0]?.resolve();
  await clock.advance(5_000);
  assert.is(offered, 2, 'the second record is in hand');
  assert.equal(resent, [1], 'only the first has been passed without a decision');
  stopping.abort();
  gates[1]?.resolve();
  await clock.advance(0);
  await Promise.all([ended, consuming]);
});

test('a group has passed when it has committed every end; where it never committed, only what is empty', () => {
  const ends = new Map([
    [0, 0n],
    [1, 5n],
  ]);
  assert.ok(hasPassed(ends, new Map([[1, 5n]])));
  assert.ok(hasPassed(ends, new Map([[1, 9n]])));
  assert.not(hasPassed(ends, new Map([[1, 4n]])));
  assert.not(hasPassed(ends, new Map([[1, -1n]])));
  assert.not(hasPassed(ends, new Map()));
});

test('ends that went back, or a partition that is gone, tell of a wipe', () => {
  const before = new Map([[0, 5n]]);
  assert.not(wentBack(before, new Map([[0, 5n]])));
  assert.ok(wentBack(before, new Map([[0, 4n]])));
  assert.ok(wentBack(before, new Map()));
});

test.run();
