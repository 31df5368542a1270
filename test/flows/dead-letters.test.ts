/** An operator meets a broken rule and a broken record: finds both, puts back what was mended, is done with the rest, and nothing happens twice. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import * as assert from 'uvu/assert';

import { parseTransaction, post, read } from '../../tools/run/client.ts';
import type { RingProcess } from '../support/ring-process.ts';
import { startRing } from '../support/ring-process.ts';
import { suite } from '../support/suite.ts';
import { within } from '../support/within.ts';

const test = suite('dead letters');
const tool = fileURLToPath(new URL('../../tools/dead-letters.ts', import.meta.url));

type Spoken = { readonly code: number; readonly out: string };

/** What a shell would see. */
function verdictTool(ring: RingProcess, ...args: readonly string[]): Promise<Spoken> {
  return new Promise((resolve) => {
    execFile(process.execPath, [tool, ...args, '--url', ring.url], (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: error === null ? out : out + err });
    });
  });
}

async function waitingPlaces(ring: RingProcess): Promise<readonly string[]> {
  const { out } = await verdictTool(ring, 'list', '--state', 'waiting');
  return out.split('\n').flatMap((line) => /^\S+\/\d+\/\d+/.exec(line)?.[0] ?? []);
}

test('found, put back once the cause is mended, done with, and written down', async () => {
  let broken = true;
  await using ring = await startRing(() => {
    if (broken) throw new Error('a ruleset with a bug');
    return { outcome: 'APPROVED', reasons: [], ruleset: 'test-1' };
  });
  const { topics, eventLog, url } = ring;
  const dead = `${topics.transactions}.dead`;
  const { text } = await post(url);
  const id = parseTransaction(text).transactionExternalId;
  await within(5_000, 'the rule to fail', async () => ((await eventLog.ends(dead)).get(0) ?? 0n) === 1n);
  const key = randomUUID();
  await eventLog.append(topics.transactions, [{ key, value: Buffer.from([0xff, 0x7b]), headers: { mine: 'yes' } }]);
  await within(5_000, 'the poison', async () => ((await eventLog.ends(dead)).get(0) ?? 0n) === 2n);

  const listed = await verdictTool(ring, 'list');
  assert.match(listed.out, new RegExp(`^${dead}/0/0 .+ rule_failed +waiting +${id}$`, 'm'));
  assert.match(listed.out, new RegExp(`^${dead}/0/1 .+ bad_json +waiting +${key}$`, 'm'));
  const shown = await verdictTool(ring, 'show', `${dead}/0/1`);
  const { value, headers } = JSON.parse(shown.out);
  assert.equal([value.base64, value.text, headers.mine.text], ['/3s=', null, 'yes']);

  const dry = await verdictTool(ring, 're-drive', '--all', '--dry-run');
  assert.match(dry.out, 're-drive (dry run): matched 2, done 0, skipped 0, failed 0');
  assert.is((await read(url, id)).transactionStatus.name, 'PENDING');

  broken = false;
  const mended = await verdictTool(ring, 're-drive', '--cause', 'rule_failed');
  assert.match(mended.out, 're-drive: matched 1, done 1, skipped 0, failed 0');
  const approved = await within(5_000, 'the decision', async () => {
    const transaction = await read(url, id);
    return transaction.transactionStatus.name === 'APPROVED' ? transaction : undefined;
  });
  assert.is(approved.version, 2);

  assert.match((await verdictTool(ring, 're-drive', '--transaction-id', id)).out, 'done 0, skipped 1');
  assert.match((await verdictTool(ring, 're-drive', `${dead}/0/0`, '--force')).out, 'done 1, skipped 0');
  // Behind the forced one: poison that nobody mended comes back as another letter.
  assert.match((await verdictTool(ring, 're-drive', `${dead}/0/1`)).out, 'done 1');
  await within(5_000, 'the poison again', async () => ((await eventLog.ends(dead)).get(0) ?? 0n) === 3n);
  assert.equal(await waitingPlaces(ring), [`${dead}/0/2`]);
  assert.match((await verdictTool(ring, 'discard', '--state', 'waiting')).out, 'discard: matched 1, done 1');
  assert.equal(await waitingPlaces(ring), []);

  assert.is((await read(url, id)).version, 2);
  await assertWrittenDown(ring);
  assert.is((await verdictTool(ring, 'show', `${dead}/0/9`)).code, 1);
}, 100_000);

async function assertWrittenDown({ database, lines }: RingProcess): Promise<void> {
  const rows = await database.query<{ readonly row: string }>(
    `select concat_ws(' ', client_id, key_id, action, topic, log_partition, log_offset, outcome) as row
      from operator_action order by id`,
    [],
  );
  assert.equal(
    rows.map(({ row }) => row),
    [
      'local local re-drive verdict.transactions.dead 0 0 done',
      'local local re-drive verdict.transactions.dead 0 0 done',
      'local local re-drive verdict.transactions.dead 0 1 done',
      'local local discard verdict.transactions.dead 0 2 done',
    ],
  );
  const text = lines.join('\n');
  assert.match(text, '"action":"discard"');
  for (const account of ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']) {
    assert.not.match(text, account);
  }
}

test.run();
