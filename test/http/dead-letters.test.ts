/** Dead letters over HTTP: for the scope `ops` only, every byte as it came, and nothing of a record in a problem or a log line. */
import * as assert from 'uvu/assert';

import type { ApiKeyEntry } from '../../src/http/api-keys.ts';
import { formatApiKey, hashSecret } from '../../src/http/api-keys.ts';
import type { Scope } from '../../src/http/context.ts';
import { Failure } from '../../src/platform/failure.ts';
import type { Desk } from '../support/desk.ts';
import { openDesk, poisoned, topics } from '../support/desk.ts';
import type { Served } from '../support/served.ts';
import { bodyOf, debit, problemOf, serve } from '../support/served.ts';
import { suite } from '../support/suite.ts';

const test = suite('http: dead letters');

const pepper = 'p'.repeat(32);
const dead = `${topics.transactions}.dead`;

function keyOf(id: string, scope: Scope): { readonly key: string; readonly entry: ApiKeyEntry } {
  const secret = Buffer.alloc(32, id);
  const hash = hashSecret(pepper, secret.toString('base64url'));
  return { key: formatApiKey(id, secret), entry: { id, client: `client-of-${id}`, hash, scopes: [scope] } };
}

type Report = {
  readonly dryRun: boolean;
  readonly matched: number;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly letters: readonly object[];
  readonly next: string | null;
};

function send(served: Served, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const all = { 'Content-Type': 'application/json', ...headers };
  return fetch(`${served.url}${path}`, { method: 'POST', headers: all, body: JSON.stringify(body) });
}

async function withDesk(work: (served: Served, desk: Desk) => Promise<void>): Promise<void> {
  const desk = await openDesk();
  await using served = await serve({ deadLetters: desk.desk });
  await work(served, desk);
}

test('a letter is shown with its bytes, and as text where it is UTF-8', async () => {
  await withDesk(async (served, { log }) => {
    const headers = new Map([
      ['ce_id', Buffer.from('id/opened/0')],
      ['raw', Buffer.from([255])],
    ]);
    const { offset } = await poisoned(log, {
      key: Buffer.from('ключ'),
      value: Buffer.from([0, 255]),
      headers,
      atMs: 0,
    });
    const response = await served.get(`/dead-letters/${dead}/0/0`);
    assert.is(response.headers.get('cache-control'), 'no-store');
    const letter = {
      ...{ topic: dead, partition: 0, offset: 0 },
      origin: { topic: topics.transactions, partition: 1, offset: Number(offset) },
      ...{ cause: 'bad_json', attempts: 1, setAsideAt: '1970-01-01T00:00:00.000Z', state: 'waiting' },
      key: { base64: '0LrQu9GO0Yc=', text: 'ключ' },
      value: { base64: 'AP8=', text: null },
      lostValueBytes: null,
      headers: { ce_id: { base64: 'aWQvb3BlbmVkLzA=', text: 'id/opened/0' }, raw: { base64: '/w==', text: null } },
      actions: [],
    };
    assert.equal(await bodyOf(response), letter);
    assert.equal(await bodyOf(await served.get('/dead-letters')), { items: [letter], next: null });
  });
});

test('pages are linked, and keep their filter', async () => {
  await withDesk(async (served, { log }) => {
    for (let count = 0; count < 3; count += 1) await poisoned(log);
    await poisoned(log, { cause: 'tombstone', value: null });
    const sizes: number[] = [];
    let path: string | undefined = '/dead-letters?cause=bad_json&limit=2';
    while (path !== undefined) {
      const response: Response = await served.get(path);
      const { items } = await bodyOf<{ items: readonly { cause: string }[] }>(response);
      assert.ok(items.every(({ cause }) => cause === 'bad_json'));
      sizes.push(items.length);
      path = /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
    }
    assert.equal(sizes, [2, 1]);
  });
});

test('a re-drive, one or many, answers what was done, and the letter tells who did it', async () => {
  await withDesk(async (served, { log }) => {
    for (let count = 0; count < 3; count += 1) await poisoned(log);
    const place = { topic: dead, partition: 0, offset: 1 };
    const one = await bodyOf<Report>(await send(served, '/dead-letters/re-drive', { letter: place }));
    const counts = { dryRun: false, matched: 1, done: 1, skipped: 0, failed: 0 };
    assert.equal(one, { ...counts, letters: [{ ...place, outcome: 'done' }], next: null });
    const dry = await bodyOf<Report>(await send(served, '/dead-letters/discard', { filter: {}, dryRun: true }));
    assert.equal([dry.dryRun, dry.matched, dry.done, dry.skipped], [true, 3, 0, 1]);
    const first = await bodyOf<Report>(await send(served, '/dead-letters/re-drive', { filter: {}, limit: 2 }));
    assert.equal([first.matched, first.done, first.skipped], [2, 1, 1]);
    const rest = { filter: {}, limit: 2, cursor: first.next };
    const second = await bodyOf<Report>(await send(served, '/dead-letters/re-drive', rest));
    assert.equal([second.matched, second.done, second.next], [1, 1, null]);
    const { state, actions } = await bodyOf<{ state: string; actions: readonly Record<string, string>[] }>(
      await served.get(`/dead-letters/${dead}/0/1`),
    );
    assert.is(state, 're-driven');
    const [{ at, ...action } = {}] = actions;
    assert.equal(action, { action: 're-drive', keyId: 'local', client: 'local', outcome: 'done' });
    assert.ok(Number.isFinite(Date.parse(at ?? '')));
  });
});

test('only keys with the scope ops get in, and the action goes under their name', async () => {
  const { desk, log, actions } = await openDesk();
  const [ops, other] = [keyOf('ops', 'ops'), keyOf('other', 'transactions:write')];
  const keys = [ops, other].map(({ entry }) => entry);
  await using served = await serve({ deadLetters: desk, auth: { mode: 'api-keys', keys, pepper } });
  await poisoned(log);
  const body = { filter: {} };
  const statuses: number[] = [];
  for (const headers of [{}, { 'X-API-Key': other.key }, { 'X-API-Key': ops.key }]) {
    statuses.push((await served.get('/dead-letters', headers)).status);
    statuses.push((await served.get(`/dead-letters/${dead}/0/0`, headers)).status);
    statuses.push((await send(served, '/dead-letters/re-drive', body, headers)).status);
    statuses.push((await send(served, '/dead-letters/discard', body, headers)).status);
  }
  assert.equal(statuses, [401, 401, 401, 401, 403, 403, 403, 403, 200, 200, 200, 200]);
  assert.equal(
    actions.all.map(({ operator }) => operator),
    [{ keyId: 'ops', clientId: 'client-of-ops' }],
  );
});

test('what is wrong with a question is said without repeating it, and no log line holds a record', async () => {
  await withDesk(async (served, { log }) => {
    await poisoned(log, { value: Buffer.from(`{"accountExternalIdDebit":"${debit}"`) });
    const refused: readonly (readonly [string, unknown, number, string])[] = [
      [`/dead-letters?since=${debit}`, undefined, 400, 'invalid-query'],
      [`/dead-letters?topic=${debit}`, undefined, 400, 'invalid-query'],
      ['/dead-letters?cursor=7.0.0.0', undefined, 400, 'invalid-query'],
      ['/dead-letters?limit=999', undefined, 400, 'invalid-query'],
      [`/dead-letters/${debit}/0/0`, undefined, 404, 'dead-letter-not-found'],
      [`/dead-letters/${dead}/0/77`, undefined, 404, 'dead-letter-not-found'],
      [`/dead-letters/${dead}/0/x`, undefined, 404, 'dead-letter-not-found'],
      ['/dead-letters/re-drive', {}, 422, 'invalid-request'],
      [
        '/dead-letters/re-drive',
        { filter: {}, letter: { topic: dead, partition: 0, offset: 0 } },
        422,
        'invalid-request',
      ],
      ['/dead-letters/re-drive', { filter: { topic: debit } }, 422, 'invalid-request'],
      ['/dead-letters/discard', { filter: {}, limit: 501 }, 422, 'invalid-request'],
      ['/dead-letters/discard', { filter: {}, cursor: '0.0' }, 422, 'invalid-request'],
      ['/dead-letters/discard', { letter: { topic: dead, partition: 0, offset: 77 } }, 404, 'dead-letter-not-found'],
    ];
    for (const [path, body, status, type] of refused) {
      const response = await (body === undefined ? served.get(path) : send(served, path, body));
      const text = await response.clone().text();
      assert.not.match(text, debit);
      const problem = await problemOf(response);
      assert.equal([problem.status, problem.type], [status, type], `${path} ${JSON.stringify(body)}`);
    }
    await send(served, '/dead-letters/re-drive', { filter: {} });
    assert.ok(served.lines.length > 0);
    assert.not.match(JSON.stringify(served.lines), debit);
  });
});

test('an event log that is away is 503', async () => {
  const away = (): Promise<never> => Promise.reject(new Failure('event_log_unavailable', 'away'));
  const { desk } = await openDesk({ around: () => ({ append: away, ends: away, read: away }) });
  await using served = await serve({ deadLetters: desk });
  const response = await served.get('/dead-letters');
  assert.is(response.headers.get('retry-after'), '1');
  assert.equal((await problemOf(response)).type, 'unavailable');
});

test.run();
