/** A journal that another cluster wrote is refused with a word about what to do, and what the runbook says to do helps. */

import { readFile } from 'node:fs/promises';

import { Client } from 'pg';
import * as assert from 'uvu/assert';

import { parseTransaction, post, read } from '../../../tools/run/client.ts';
import { EventStream } from '../../../tools/run/event-stream.ts';
import { startVerdict } from '../../../tools/run/verdict-process.ts';
import { listAll, toRow } from '../../support/listed.ts';
import { liveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { assertTranscript } from '../../support/transcript.ts';

const test = suite('restored');

test('a logical dump in another cluster needs the step that the runbook describes', async () => {
  await using services = await liveServices();
  const DATABASE_URL = await services.freshDatabase();
  const first = await startVerdict({ env: { DATABASE_URL } });
  const before = await settled(first.url);
  await first.stop('SIGTERM');
  // As if the cluster that wrote it had got much further than the one that it was loaded into.
  await run(DATABASE_URL, `update transaction_event set xid = (xid::text::bigint + 1000000000)::text::xid8`);
  const refusal = await startVerdict({ env: { DATABASE_URL } }).then(
    () => 'it started',
    (error: unknown) => String(error),
  );
  assert.match(refusal, 'ended before it was ready, with 78');
  assert.match(refusal, 'docs/runbook.md');
  await run(DATABASE_URL, await stepOfTheRunbook());
  const second = await startVerdict({ env: { DATABASE_URL } });
  try {
    await using stream = new EventStream({ urls: [second.url] });
    await stream.opened;
    const after = await settled(second.url);
    const rows = await listAll(second.url);
    assert.equal(
      rows.map(({ transactionExternalId }) => transactionExternalId),
      [after, before],
    );
    await assertTranscript(stream, rows.slice(0, 1).map(toRow));
  } finally {
    await second.stop('SIGKILL');
  }
}, 90_000);

async function settled(url: string): Promise<string> {
  const { transactionExternalId } = parseTransaction((await post(url)).text);
  const { transactionStatus } = await read(url, transactionExternalId, { prefer: 'wait=10' });
  assert.is(transactionStatus.name, 'APPROVED');
  return transactionExternalId;
}

async function stepOfTheRunbook(): Promise<string> {
  const page = await readFile(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');
  const step = /```sql\n(begin;[^`]*commit;)\n```/.exec(page)?.[1];
  if (step === undefined) throw new Error('the runbook has no such step');
  return step;
}

async function run(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

test.run();
