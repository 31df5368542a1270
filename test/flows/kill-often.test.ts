/** Short lives, one after another, each ended by kill -9 at any moment: in the end nothing that was acknowledged is missing, and the directory is whole. */
import * as assert from 'uvu/assert';

import { parseTransaction, post } from '../../tools/run/client.ts';
import type { VerdictProcess } from '../../tools/run/verdict-process.ts';
import { withHome } from '../support/embedded.ts';
import { allTerminal, listAll } from '../support/listed.ts';
import { suite } from '../support/suite.ts';

const test = suite('kill often');
const livesMax = 50;
/** On a busy machine there is time for fewer. */
const livesMin = 5;
const limitMs = 45_000;

test('up to 50 lives', async () => {
  await withHome(async ({ start }) => {
    const began = performance.now();
    const acknowledged = new Set<string>();
    let lives = 0;
    for (; lives < livesMax && (lives < livesMin || performance.now() - began < limitMs); lives += 1) {
      await live(await start(), { killAfterMs: (lives * 37) % 200, acknowledged });
    }
    const last = await start();
    await allTerminal(last.url, 30_000);
    const there = new Set((await listAll(last.url)).map(({ transactionExternalId }) => transactionExternalId));
    assert.equal(
      [...acknowledged].filter((id) => !there.has(id)),
      [],
    );
    assert.ok(acknowledged.size >= lives, `only ${acknowledged.size} posts were acknowledged`);
    console.log(`${lives} lives, ${acknowledged.size} posts acknowledged, ${there.size} transactions`);
  });
}, 115_000);

type Life = { readonly killAfterMs: number; readonly acknowledged: Set<string> };

/** Posts from eight sides until it is killed, some time after the first answer. */
async function live(verdict: VerdictProcess, { killAfterMs, acknowledged }: Life): Promise<void> {
  let killing: Promise<unknown> | undefined;
  const client = async (): Promise<void> => {
    for (;;) {
      const answer = await post(verdict.url).catch(() => undefined);
      if (answer === undefined) return;
      assert.is(answer.status, 201, answer.text);
      acknowledged.add(parseTransaction(answer.text).transactionExternalId);
      killing ??= later(killAfterMs).then(() => verdict.stop('SIGKILL'));
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
  await killing;
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

test.run();
