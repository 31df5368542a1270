/** An embedded Verdict is killed in the middle of its work, three times: whatever was acknowledged is there, becomes terminal once, and is told once. */
import * as assert from 'uvu/assert';

import { EventStream } from '../../tools/run/event-stream.ts';
import { startMaxMs, withHome } from '../support/embedded.ts';
import { allTerminal, listAll, toRow } from '../support/listed.ts';
import { Load } from '../support/load.ts';
import { suite } from '../support/suite.ts';
import { assertTranscript } from '../support/transcript.ts';

const test = suite('kill');
const count = 2_000;
/** Three of the four quarters of the way. */
const killAfter = [500, 1_000, 1_500];

test('kill -9 in the middle of 2,000 posts, three times', async () => {
  await withHome(async ({ start }) => {
    let verdict = await start();
    const { url, port } = verdict;
    await using stream = new EventStream({ urls: [url] });
    await stream.opened;
    const load = new Load({ urls: [url], count, clients: 32 });
    for (const answers of killAfter) {
      await load.reached(answers);
      await verdict.stop('SIGKILL');
      // The claim of the one that was killed must be no obstacle.
      verdict = await start({ port });
      assert.ok(verdict.readyMs < startMaxMs(5_000), `${verdict.readyMs} ms to start again`);
    }
    await load.done;
    await allTerminal(url, 60_000);
    const rows = await listAll(url);
    const ids = new Set(rows.map(({ transactionExternalId }) => transactionExternalId));
    const lost = [...load.answered.values()].filter(({ id }) => !ids.has(id));
    assert.equal([lost, rows.length, ids.size], [[], count, count]);
    await assertTranscript(stream, rows.map(toRow), 20_000);
    assert.is(stream.connections, killAfter.length + 1);
  });
}, 115_000);

test.run();
