/** Announcing never holds anybody up. */
import * as assert from 'uvu/assert';

import type { NewRecord } from '../../src/platform/event-log/event-log.ts';
import { Failure } from '../../src/platform/failure.ts';
import { Announcer } from '../../src/streams/announce.ts';
import { suite } from '../support/suite.ts';
import { openedTransaction } from '../support/transactions.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const test = suite('announce');

test('what comes while an append is in flight goes together in the next, in order', async () => {
  const { clock, announcer, appends } = world();
  for (const number of [1, 2, 3]) announcer.announce(openedTransaction(number));
  await clock.advance(500);
  assert.equal(appends, [['1'], ['2', '3']]);
  assert.is(announcer.waiting, 0);
});

test('a full queue drops what does not fit, counted', async () => {
  const { clock, announcer, appends, dropped } = world({ queueMax: 2 });
  for (const number of [1, 2, 3, 4]) announcer.announce(openedTransaction(number));
  assert.equal(dropped, ['1 overflow', '1 overflow']);
  await clock.advance(500);
  assert.equal(appends, [['1'], ['2']]);
});

test('a failed append drops its batch, counted, and the next one goes on', async () => {
  const { clock, announcer, appends, dropped, faults } = world();
  faults.push(new Failure('event_log_unavailable', 'away'));
  announcer.announce(openedTransaction(1));
  announcer.announce(openedTransaction(2));
  await clock.advance(500);
  assert.equal(dropped, ['1 failed']);
  assert.equal(appends, [['1'], ['2']]);
});

test('closing announces what is queued, but does not wait for ever', async () => {
  const { clock, announcer, appends } = world();
  announcer.announce(openedTransaction(1));
  announcer.announce(openedTransaction(2));
  const closed = announcer[Symbol.asyncDispose]();
  await clock.advance(250);
  await closed;
  assert.equal(appends, [['1'], ['2']]);
  const stuck = world({ appendMs: 60_000 });
  stuck.announcer.announce(openedTransaction(1));
  stuck.announcer.announce(openedTransaction(2));
  const given = stuck.announcer[Symbol.asyncDispose]();
  await stuck.clock.advance(300);
  await given;
  assert.equal(stuck.dropped, ['2 closed']);
  stuck.announcer.announce(openedTransaction(3));
  assert.equal(stuck.dropped, ['2 closed', '1 closed']);
});

function world({ queueMax = 10, appendMs = 100 }: { readonly queueMax?: number; readonly appendMs?: number } = {}) {
  const clock = new VirtualClock();
  const appends: string[][] = [];
  const dropped: string[] = [];
  const faults: Failure[] = [];
  const append = async (_: string, records: readonly NewRecord[]): Promise<void> => {
    appends.push(records.map(({ key }) => Number.parseInt(String(key).slice(-12), 16).toString()));
    await clock.sleep(appendMs);
    const fault = faults.shift();
    if (fault !== undefined) throw fault;
  };
  const announcer = new Announcer({
    ...{
      log: { append },
      topic: 'transactions',
      clock,
      queueMax,
      drainMs: 250,
      batching: { batchMax: 100, paceMs: 10 },
    },
    onDropped: (count, why) => dropped.push(`${count} ${why}`),
  });
  return { clock, announcer, appends, dropped, faults };
}

test.run();
