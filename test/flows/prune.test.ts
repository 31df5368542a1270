/** What an operator and the clients meet when an embedded Verdict is pruned: refusals, a dry run, the prune, and afterwards exactly what was promised about what is gone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import * as assert from 'uvu/assert';

import { ormOptions } from '../../src/persistence/migrate.ts';
import { openPglite } from '../../src/platform/database/pglite.ts';
import { parseTransaction, post, read } from '../../tools/run/client.ts';
import { EventStream } from '../../tools/run/event-stream.ts';
import { mainPath } from '../../tools/run/verdict-process.ts';
import { withHome } from '../support/embedded.ts';
import { suite } from '../support/suite.ts';
import { within } from '../support/within.ts';

const test = suite('prune');
type Ended = { readonly code: number | null; readonly output: string; readonly errors: string };

async function prune(directory: string, ...args: readonly string[]): Promise<Ended> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [mainPath, '--role', 'prune', '--data-dir', directory, ...args], {
    env: { PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, output, errors };
}

/** The last line of the log, without what every line has. */
function lastLine({ code, output, errors }: Ended): object {
  assert.is(code, 0, output + errors);
  const lines = output.trim().split('\n');
  const {
    level,
    time,
    role,
    part,
    batches,
    pid: _pid,
    ...said
  }: Record<string, unknown> = JSON.parse(lines.at(-1) ?? '{}');
  assert.equal([level, role, part, batches, typeof time], ['info', 'prune', 'prune', 1, 'string']);
  return said;
}

async function inDatabase(directory: string, ...statements: readonly string[]): Promise<readonly object[]> {
  await using database = await openPglite({ directory, orm: ormOptions });
  let rows: readonly object[] = [];
  for (const sql of statements) rows = await database.query<object>(sql, []);
  return rows;
}

/** As if the ids of these had been made half a century ago, with everything else that tells their age. */
function aged(ids: readonly string[]): readonly string[] {
  const list = ids.map((id) => `'${id}'`).join();
  const old = (column: string): string => `('00000000' || substr(${column}::text, 9))::uuid`;
  return [
    `update transaction_event set transaction_id = ${old('transaction_id')}, recorded_at = 'epoch' where transaction_id in (${list})`,
    `update transaction set id = ${old('id')}, created_at = 'epoch' where id in (${list})`,
  ];
}

/** As the relay leaves them once it has published for some time. */
const readersPassed = `insert into journal_cursor (name, xid, position)
  select other.name, relay.xid, relay.position from journal_cursor relay, unnest(array['relay-floor', 'pending']) as other (name)
  where relay.name = 'relay' on conflict (name) do update set xid = excluded.xid, position = excluded.position`;

test('pruned ones are gone for everybody who asks, and for nobody else', async () => {
  await withHome(async ({ directory, start }) => {
    const first = await start();
    const { url } = first;
    await using stream = new EventStream({ urls: [url] });
    await stream.opened;
    const early = await post(url, { value: 10, headers: { prefer: 'wait=10' } });
    const late = await post(url, { value: 20, headers: { prefer: 'wait=10' } });
    const [earlyId, lateId] = [early, late].map((posted) => parseTransaction(posted.text).transactionExternalId);
    if (earlyId === undefined || lateId === undefined) throw new Error('both were opened');
    await within(10_000, 'four frames', () => stream.frames.length === 4);
    await published(url, 2);
    const [openedFrame, lastOfEarly, , last] = stream.frames.map(({ id }) => id);
    await first.stop();

    const early404 = `00000000${earlyId.slice(8)}`;
    const unready = await prune(directory, '--older-than', '90d');
    assert.is(unready.code, 78);
    assert.match(unready.errors, /nothing can be pruned before a relay has stored its place "(relay-floor|pending)"/);
    await inDatabase(directory, ...aged([earlyId]), readersPassed);

    const counts = { transactions: 1, journalRows: 2, pending: 0, held: 0, complete: true };
    const dry = await prune(directory, '--older-than', '90d', '--dry-run');
    assert.equal(lastLine(dry), { dryRun: true, ...counts, message: 'would be pruned' });
    assert.equal(lastLine(await prune(directory, '--older-than', '90d')), {
      dryRun: false,
      ...counts,
      message: 'pruned',
    });
    const again = { dryRun: false, ...counts, transactions: 0, journalRows: 0, message: 'pruned' };
    assert.equal(lastLine(await prune(directory, '--older-than', '90d')), again);
    const actions = `select outcome, detail->'transactions' as transactions from operator_action where action = 'prune' order by id`;
    assert.equal(await inDatabase(directory, actions), [
      { outcome: 'done', transactions: 1 },
      { outcome: 'done', transactions: 0 },
    ]);

    const second = await start();
    for (const path of ['', '/history', '/events']) {
      const answer = await fetch(`${second.url}/transactions/${early404}${path}`);
      assert.equal([answer.status, await typeOf(answer)], [404, 'urn:verdict:problem:transaction-not-found'], path);
    }
    assert.is((await read(second.url, lateId)).version, 2);
    const resume = (id = ''): Promise<Response> => fetch(`${second.url}/events`, { headers: { 'last-event-id': id } });
    const refused = await resume(openedFrame);
    assert.equal([refused.status, await typeOf(refused)], [400, 'urn:verdict:problem:last-event-id-pruned']);
    for (const id of [lastOfEarly, last]) {
      const resumed = await resume(id);
      assert.is(resumed.status, 200);
      await resumed.body?.cancel();
    }
    const repeated = await post(second.url, { value: 10, key: early.key });
    assert.equal([repeated.status, repeated.headers.get('idempotency-replayed')], [201, null]);
    assert.is.not(parseTransaction(repeated.text).transactionExternalId, earlyId);
    const kept = await post(second.url, { value: 20, key: late.key });
    assert.equal([kept.text, kept.headers.get('idempotency-replayed')], [late.text, 'true']);
  });
}, 115_000);

test('beside the process that has the directory it is refused in a sentence', async () => {
  await withHome(async ({ directory, start }) => {
    const { pid } = await start();
    const { code, errors } = await prune(directory, '--older-than', '90d');
    assert.is(code, 1);
    assert.match(errors, `is in use by process ${pid}`);
  });
}, 115_000);

async function published(url: string, count: number): Promise<void> {
  await within(10_000, `${count} settlements`, async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/^verdict_relayed_total\S* (\d+)/m.exec(metrics)?.[1] ?? 0) >= count;
  });
}

async function typeOf(answer: Response): Promise<string> {
  const problem: { readonly type: string } = JSON.parse(await answer.text());
  return problem.type;
}

test.run();
