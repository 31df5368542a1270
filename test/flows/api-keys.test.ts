/** With API keys, each client lives alone: another one's transactions are not there, in no answer, list, stream or replay. */
import { spawnSync } from 'node:child_process';

import * as assert from 'uvu/assert';

import { parseTransaction, post, read } from '../../tools/run/client.ts';
import { EventStream } from '../../tools/run/event-stream.ts';
import { withVerdict } from '../support/embedded.ts';
import { listAll, toRow } from '../support/listed.ts';
import { suite } from '../support/suite.ts';
import { assertTranscript } from '../support/transcript.ts';
import { within } from '../support/within.ts';

const test = suite('api keys');
const pepper = 'a pepper of at least 32 characters';
type Headers = Readonly<Record<string, string>>;
type Issued = { readonly headers: Headers; readonly key: string; readonly entry: string };

/** What `npm run api-key` prints for a client. */
function issue(client: string, scopes?: string): Issued {
  const asked = ['tools/api-key.ts', '--client', client, ...(scopes === undefined ? [] : ['--scopes', scopes])];
  const env = { ...process.env, VERDICT_API_KEY_PEPPER: pepper };
  const { stdout } = spawnSync(process.execPath, asked, { encoding: 'utf8', env });
  const key = /^key +(\S+)$/m.exec(stdout)?.[1];
  const entry = /^entry +(\{.*\})/m.exec(stdout)?.[1];
  if (key === undefined || entry === undefined) throw new Error(stdout);
  return { key, entry, headers: { authorization: `Bearer ${key}` } };
}

const acme = issue('acme');
const zenith = issue('zenith');
const reader = issue('acme', 'transactions:read');
const operator = issue('operations', 'ops');
const env = {
  VERDICT_AUTH_MODE: 'api-keys',
  VERDICT_API_KEY_PEPPER: pepper,
  VERDICT_API_KEYS: `[${[acme, zenith, reader, operator].map(({ entry }) => entry).join()}]`,
};

test('401 without a key, 403 without the scope, 404 for what belongs to another', async () => {
  await withVerdict({ env }, async ({ url, output }) => {
    await refusals(url);
    await separation(url);
    for (const secret of [pepper, acme.key, zenith.key, reader.key, operator.key]) {
      assert.not.ok(output().includes(secret), 'a secret is in the log');
    }
  });
}, 115_000);

async function refusals(url: string): Promise<void> {
  const forged = `${acme.key.slice(0, -1)}${acme.key.endsWith('A') ? 'B' : 'A'}`;
  for (const headers of [{}, { authorization: 'Bearer nothing' }, { authorization: `Bearer ${forged}` }] as Headers[]) {
    const { status, headers: answered } = await post(url, { headers });
    assert.is(status, 401);
    assert.match(answered.get('www-authenticate') ?? '', 'Bearer');
    assert.is(await statusOf(`${url}/transactions`, headers), 401);
    assert.is(await statusOf(`${url}/events`, headers), 401);
    assert.is(await statusOf(`${url}/metrics`, headers), 401);
  }
  assert.is((await post(url, { headers: reader.headers })).status, 403);
  assert.is(await statusOf(`${url}/events`, reader.headers), 403);
  assert.is(await statusOf(`${url}/transactions`, operator.headers), 403);
  assert.is(await statusOf(`${url}/metrics`, acme.headers), 403);
  assert.is(await statusOf(`${url}/metrics`, operator.headers), 200);
  assert.is(await statusOf(`${url}/health/live`, {}), 200);
  assert.is(await statusOf(`${url}/health/ready`, {}), 200);
}

async function separation(url: string): Promise<void> {
  await using theirs = new EventStream({ urls: [url], headers: zenith.headers });
  await using ours = new EventStream({ urls: [url], headers: acme.headers });
  await Promise.all([theirs.opened, ours.opened]);
  const mine = await post(url, { value: 11, headers: acme.headers });
  const id = parseTransaction(mine.text).transactionExternalId;
  await read(url, id, { ...reader.headers, prefer: 'wait=10' });
  for (const path of ['', '/history', '/events']) {
    assert.is(await statusOf(`${url}/transactions/${id}${path}`, zenith.headers), 404, path);
  }
  assert.equal(await listAll(url, zenith.headers), []);
  // The same key is another key with another client, and its replay is their own.
  const other = await post(url, { key: mine.key, value: 12, headers: zenith.headers });
  const otherId = parseTransaction(other.text).transactionExternalId;
  assert.is(other.status, 201);
  assert.is.not(otherId, id);
  assert.is((await post(url, { key: mine.key, value: 11, headers: acme.headers })).text, mine.text);
  assert.is((await post(url, { key: mine.key, value: 12, headers: zenith.headers })).text, other.text);
  await read(url, otherId, { ...zenith.headers, prefer: 'wait=10' });
  await assertTranscript(theirs, (await listAll(url, zenith.headers)).map(toRow));
  await assertTranscript(ours, (await listAll(url, acme.headers)).map(toRow));
  await resumedByAnother(url, ours.frames[0]?.id ?? '');
}

/** An id tells a place in the journal that all share, and nothing of what stands there. */
async function resumedByAnother(url: string, lastEventId: string): Promise<void> {
  await using stream = new EventStream({ urls: [url], headers: zenith.headers, lastEventId });
  const rows = (await listAll(url, zenith.headers)).map(toRow);
  await within(10_000, 'their own transitions after it', () => stream.frames.length === 2);
  await assertTranscript(stream, rows);
}

async function statusOf(address: string, headers: Headers): Promise<number> {
  const response = await fetch(address, { headers });
  await response.body?.cancel();
  return response.status;
}

test.run();
