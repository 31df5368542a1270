/** What the log has lost comes back, and what it still owes is never sent twice. */
import * as assert from 'uvu/assert';

import { journalStart, pendingCursor } from '../../src/persistence/cursor.ts';
import { suite } from '../support/suite.ts';
import { Ring, topics } from './ring.ts';

const test = suite('re-send');

test('while nothing is PENDING the log is asked nothing', async () => {
  await using ring = await Ring.start();
  for (let second = 0; second < 20; second += 1) {
    await ring.open();
    await ring.clock.advance(1_000);
  }
  assert.is(await ring.count('APPROVED'), 20);
  assert.equal(ring.resent, []);
  assert.not(ring.log.calls.some((call) => call.startsWith('ends') || call.startsWith('committed')));
});

test('what was never announced is sent some seconds later, once', async () => {
  await using ring = await Ring.start();
  for (let number = 0; number < 5; number += 1) await ring.open({ announced: false });
  await ring.allTerminalOnce(4_000);
  assert.equal(ring.resent, [5]);
  await ring.clock.advance(60_000);
  assert.equal(ring.resent, [5]);
  assert.is(ring.stragglers.size, 0);
});

for (const part of ['screen', 'settle'] as const) {
  test(`${part} stopped for 30 s under load brings no re-sends at all`, async () => {
    await using ring = await Ring.start();
    await underLoad(ring, 3_000);
    await ring.stop(part);
    await underLoad(ring, 30_000);
    assert.ok(ring.stragglers.size > 200, 'they are old enough');
    ring.run(part);
    await underLoad(ring, 5_000);
    await ring.allTerminalOnce(10_000);
    assert.equal(ring.resent, []);
    assert.ok(ring.owed.includes(part === 'screen' ? topics.antiFraudGroup : topics.settlementGroup));
  });
}

test('a relay that starts while a group lags holds back like the one before it', async () => {
  await using ring = await Ring.start();
  await underLoad(ring, 3_000);
  await ring.stop('screen');
  await underLoad(ring, 10_000);
  await ring.stop('relay');
  await underLoad(ring, 5_000);
  ring.run('relay');
  await underLoad(ring, 10_000);
  ring.run('screen');
  await ring.allTerminalOnce(10_000);
  assert.equal(ring.resent, []);
});

test('the log alone is wiped under load, the key store keeps its marks: all become terminal once', async () => {
  await using ring = await Ring.start();
  await underLoad(ring, 3_000);
  await ring.stop('settle');
  await underLoad(ring, 1_500);
  await ring.stop('screen');
  await underLoad(ring, 1_500);
  await ring.log.wipe();
  ring.run('screen');
  ring.run('settle');
  await underLoad(ring, 3_000);
  await ring.allTerminalOnce(30_000);
  assert.ok(ring.resent.length > 0);
});

test('wiped while a round waits for a lagging group: the round starts over', async () => {
  for (const part of ['screen', 'settle'] as const) {
    await using ring = await Ring.start();
    await ring.stop(part);
    await underLoad(ring, 10_000);
    assert.ok(ring.owed.length > 0, 'a round is waiting');
    await ring.log.wipe();
    await ring.clock.advance(2_000);
    assert.ok(ring.wipes > 0);
    ring.run(part);
    await ring.allTerminalOnce(20_000);
  }
});

test('wiped again and again, with the groups away in between: all become terminal once', async () => {
  await using ring = await Ring.start();
  for (let wipe = 0; wipe < 5; wipe += 1) {
    await underLoad(ring, 700);
    await ring.stop('screen');
    await underLoad(ring, 1_700);
    await ring.log.wipe();
    ring.run('screen');
  }
  await ring.allTerminalOnce(60_000);
});

test('a group that never committed owes what the topic holds, and nothing where it is empty', async () => {
  await using ring = await Ring.start();
  await ring.stop('screen');
  await ring.open({ announced: false });
  await ring.clock.advance(5_000);
  assert.equal(ring.resent, [1], 'the topic is empty');
  await ring.open();
  await ring.clock.advance(60_000);
  assert.equal(ring.resent, [1], 'what was sent again is owed now');
  ring.run('screen');
  await ring.allTerminalOnce(5_000);
});

test('what cannot be decided is sent ever less often, with an attempt of its own each time', async () => {
  const fault = new TypeError('a rule is broken');
  await using ring = await Ring.start({
    judge: () => {
      throw fault;
    },
  });
  await ring.open();
  await ring.clock.advance(120_000);
  assert.ok(ring.resent.length >= 4 && ring.resent.length <= 9, `${ring.resent.length} times`);
  assert.equal(
    ring.deadLetters,
    Array.from({ length: ring.resent.length + 1 }, () => `${topics.transactions} rule_failed`),
  );
});

test('a log that is away pauses the re-send, and the deadline decides regardless', async () => {
  await using ring = await Ring.start({ decideWithinMs: 20_000 });
  ring.log.away = true;
  for (let number = 0; number < 10; number += 1) await ring.open({ announced: number % 2 === 0 });
  await ring.clock.advance(10_000);
  assert.is(await ring.count('PENDING'), 10);
  await ring.allTerminalOnce(12_000);
  assert.is(await ring.count('REJECTED'), 10);
  assert.equal(ring.resent, []);
  await ring.open({ announced: false });
  ring.log.away = false;
  await ring.allTerminalOnce(5_000);
  assert.is(await ring.count('APPROVED'), 1);
});

test('more stragglers than fit wait their turn in the journal', async () => {
  await using ring = await Ring.start({ stragglersMax: 7 });
  for (let number = 0; number < 50; number += 1) await ring.open({ announced: false });
  await ring.allTerminalOnce(60_000);
  assert.ok(ring.resent.every((count) => count <= 7));
});

test('a new relay begins at the place before which nothing is PENDING', async () => {
  await using ring = await Ring.start();
  await underLoad(ring, 10_000);
  const lost = await ring.open({ announced: false });
  await ring.stop('screen');
  await underLoad(ring, 5_000);
  await ring.stop('relay');
  const from = await ring.statements.loadCursor(pendingCursor);
  assert.ok(from);
  const walk = await ring.statements.walkPending(from ?? journalStart, 0, 1);
  assert.is(walk.pending[0]?.opened.id, lost);
  ring.run('screen');
  ring.run('relay');
  await ring.allTerminalOnce(20_000);
});

async function underLoad(ring: Ring, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await ring.open();
    await ring.clock.advance(100);
  }
}

test.run();
