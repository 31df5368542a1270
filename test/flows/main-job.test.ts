/** The main job in one process: from the POST to the last frame of the stream, with nothing about accounts or keys in logs and metrics. */
import { randomUUID } from 'node:crypto';

import * as assert from 'uvu/assert';

import { bodyOf, parseTransaction, post, read } from '../../tools/run/client.ts';
import type { Posted } from '../../tools/run/client.ts';
import { EventStream } from '../../tools/run/event-stream.ts';
import type { VerdictProcess } from '../../tools/run/verdict-process.ts';
import { withVerdict } from '../support/embedded.ts';
import { allTerminal, listAll, toRow } from '../support/listed.ts';
import { suite } from '../support/suite.ts';
import { assertTranscript } from '../support/transcript.ts';

const test = suite('main job');
const amounts: readonly (readonly [value: number | string, status: string, reasons: readonly string[]])[] = [
  [120, 'APPROVED', []],
  [1000, 'APPROVED', []],
  ['1000.01', 'REJECTED', ['AMOUNT_LIMIT_EXCEEDED']],
];
const debit = '11111111-1111-4111-8111-111111111111';
const credit = '22222222-2222-4222-8222-222222222222';
const used: string[] = [];

test('POST, wait, read, repeat, stream, and silence about secrets', async () => {
  await withVerdict({ env: { LOG_LEVEL: 'trace' } }, async (verdict) => {
    const { url } = verdict;
    await using stream = new EventStream({ urls: [url] });
    await stream.opened;
    for (const [value, status, reasons] of amounts) await pendingThenTerminal(url, value, { status, reasons });
    for (const [value, status] of amounts) await terminalInOneCall(url, value, status);
    await fiftyAtOnce(url);
    await anotherBody(url);
    await allTerminal(url, 10_000);
    const rows = await listAll(url);
    assert.is(rows.length, 2 * amounts.length + 2);
    await assertTranscript(stream, rows.map(toRow));
    await nothingLeaks(verdict);
  });
}, 115_000);

async function pendingThenTerminal(
  url: string,
  value: number | string,
  { status, reasons }: { readonly status: string; readonly reasons: readonly string[] },
): Promise<void> {
  const first = await posted(url, { value });
  const opened = parseTransaction(first.text);
  assert.equal([first.status, opened.transactionStatus.name, opened.version], [201, 'PENDING', 1]);
  const id = opened.transactionExternalId;
  const decided = await read(url, id, { prefer: 'wait=10' });
  assert.equal([decided.transactionStatus.name, decided.reasons, decided.version], [status, reasons, 2]);
  const again = await posted(url, { value, key: first.key });
  assert.equal([again.status, again.text], [201, first.text]);
  assert.is(again.headers.get('idempotency-replayed'), 'true');
}

async function terminalInOneCall(url: string, value: number | string, status: string): Promise<void> {
  const answer = await posted(url, { value, headers: { prefer: 'wait=10' } });
  assert.is(parseTransaction(answer.text).transactionStatus.name, status);
  assert.is(answer.headers.get('preference-applied'), 'wait=10');
  const again = await posted(url, { value, key: answer.key });
  assert.is(again.text, answer.text);
}

/** One opens it; who comes meanwhile is told to come back, and then gets the same bytes. */
async function fiftyAtOnce(url: string): Promise<void> {
  const key = randomUUID();
  const before = (await listAll(url)).length;
  const answers = await Promise.all(Array.from({ length: 50 }, () => insisting(url, key)));
  assert.is(new Set(answers.map(({ text }) => text)).size, 1);
  assert.is(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null).length, 1);
  assert.is((await listAll(url)).length, before + 1);
}

async function insisting(url: string, key: string): Promise<Posted> {
  for (;;) {
    const answer = await posted(url, { key });
    if (answer.status === 201) return answer;
    assert.is(answer.status, 409, answer.text);
    assert.ok(Number(answer.headers.get('retry-after')) >= 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function anotherBody(url: string): Promise<void> {
  const { key } = await posted(url, { value: '10.50' });
  const same = await posted(url, { key, body: `\n${bodyOf(10.5)} ` });
  assert.is(same.headers.get('idempotency-replayed'), 'true');
  const other = await posted(url, { key, value: 10.51 });
  assert.is(other.status, 422);
  assert.match(other.text, '"pointer":"/value"');
  assert.not.match(other.text, debit);
}

/** I14: the accounts, the keys, and the bodies stay where they belong. */
async function nothingLeaks({ url, output }: VerdictProcess): Promise<void> {
  await posted(url, { body: bodyOf(-1) });
  await posted(url, { body: `{"accountExternalIdDebit":"${debit}"` });
  await fetch(`${url}/transactions?account=${debit}`);
  await fetch(`${url}/transactions?account=${debit}x`);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, 'verdict_transactions_total');
  for (const secret of [debit, credit, ...used]) {
    assert.not.ok(metrics.includes(secret), 'a secret is in the metrics');
    assert.not.ok(output().includes(secret), 'a secret is in the log');
  }
}

async function posted(url: string, options: Parameters<typeof post>[1]): Promise<Posted> {
  const answer = await post(url, options);
  assert.ok(answer.status < 500, `${answer.status} ${answer.text}`);
  used.push(answer.key);
  return answer;
}

test.run();
