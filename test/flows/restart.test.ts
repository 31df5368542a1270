/** Ends, gentle or not, and new beginnings of an embedded Verdict on the data that it left. */
import * as assert from 'uvu/assert';

import { parseTransaction, post, read } from '../../tools/run/client.ts';
import { EventStream } from '../../tools/run/event-stream.ts';
import { startMaxMs, withEmptyHome, withHome } from '../support/embedded.ts';
import { allTerminal, listAll, toRow } from '../support/listed.ts';
import { Load } from '../support/load.ts';
import { suite } from '../support/suite.ts';
import { assertTranscript } from '../support/transcript.ts';

const test = suite('restart');
test('SIGTERM under load ends with 0 within ten seconds; clients and streams go on with the next process', async () => {
  await withEmptyHome(async ({ start }) => {
    const first = await start();
    assert.ok(first.readyMs < startMaxMs(15_000), `${first.readyMs} ms to start`);
    const { url, port } = first;
    await using stream = new EventStream({ urls: [url] });
    await stream.opened;
    const load = new Load({ urls: [url], count: 600, clients: 16 });
    await load.reached(200);
    const askedAt = performance.now();
    assert.is(await first.stop('SIGTERM'), 0, first.output());
    assert.ok(performance.now() - askedAt < 10_000, 'longer than ten seconds to end');
    const second = await start({ port });
    assert.ok(second.readyMs < startMaxMs(5_000), `${second.readyMs} ms to start again`);
    await load.done;
    await allTerminal(url, 30_000);
    const rows = await listAll(url);
    assert.is(rows.length, 600);
    await assertTranscript(stream, rows.map(toRow));
    assert.is(stream.connections, 2);
  });
}, 115_000);

test('a replay has the same bytes after a kill, and a stream resumes from an id of the process before', async () => {
  await withHome(async ({ start }) => {
    const first = await start();
    const pending = await post(first.url, { value: 700 });
    const waited = await post(first.url, { value: 1001, headers: { prefer: 'wait=10' } });
    const frames = await framesOf(first.url, parseTransaction(pending.text).transactionExternalId);
    assert.equal(
      frames.map(({ event }) => event),
      ['transaction.opened', 'transaction.approved'],
    );
    await first.stop('SIGKILL');
    const second = await start();
    assert.is((await post(second.url, { key: pending.key, value: 700 })).text, pending.text);
    assert.is((await post(second.url, { key: waited.key, value: 1001 })).text, waited.text);
    await using resumed = new EventStream({ urls: [second.url], lastEventId: frames[0]?.id ?? '' });
    await resumed.opened;
    const last = await post(second.url, { value: 1 });
    await read(second.url, parseTransaction(last.text).transactionExternalId, { prefer: 'wait=10' });
    const all = (await listAll(second.url)).map(toRow);
    assert.is(all.length, 3);
    await assertTranscript({ frames: [...frames.slice(0, 1), ...resumed.frames], connections: 1 }, all);
  });
}, 115_000);

async function framesOf(url: string, id: string): Promise<EventStream['frames']> {
  await read(url, id, { prefer: 'wait=10' });
  const settled = Promise.withResolvers<void>();
  await using stream = new EventStream({
    urls: [url],
    path: `/transactions/${id}/events`,
    onFrame: ({ event }) => event !== 'transaction.opened' && settled.resolve(),
  });
  await settled.promise;
  return stream.frames;
}

test.run();
