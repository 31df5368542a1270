/** Reading over HTTP: one transaction with its validator and its wait, pages that neither skip nor repeat, and histories. */
import * as assert from 'uvu/assert';

import { systemClock } from '../../src/platform/clock.ts';
import type { Served } from '../support/served.ts';
import { bodyOf, credit, debit, problemOf, serve, validBody } from '../support/served.ts';
import { suite } from '../support/suite.ts';

const test = suite('http: read transactions');
let served: Served;
test.before(async () => {
  served = await serve();
});
test.after(() => served[Symbol.asyncDispose]());

type Body = { readonly transactionExternalId: string; readonly transactionStatus: { readonly name: string } };
type Page = { readonly items: readonly Body[]; readonly next: string | null };

async function opened(changes: object = {}): Promise<{ id: string; bytes: string }> {
  const bytes = await (await served.post(validBody(changes))).text();
  const { transactionExternalId: id }: Body = JSON.parse(bytes);
  return { id, bytes };
}

async function page(query: string): Promise<Page & { link: string | null }> {
  const response = await served.get(`/transactions${query}`);
  assert.is(response.status, 200);
  return { ...(await bodyOf<Page>(response)), link: response.headers.get('link') };
}

test('GET answers what POST answered, with a validator', async () => {
  const { id, bytes } = await opened();
  const response = await served.get(`/transactions/${id.toUpperCase()}`);
  assert.equal([response.status, response.headers.get('etag')], [200, '"v1"']);
  assert.is(response.headers.get('cache-control'), 'private, no-cache');
  assert.is(await response.text(), bytes);
  for (const tag of ['"v1"', 'W/"v1"', '"v0", "v1"', '*']) {
    const same = await served.get(`/transactions/${id}`, { 'If-None-Match': tag });
    assert.equal([same.status, await same.text(), same.headers.get('etag')], [304, '', '"v1"']);
  }
  served.api.decide(id, 'APPROVED');
  const changed = await served.get(`/transactions/${id}`, { 'If-None-Match': '"v1"' });
  assert.equal([changed.status, changed.headers.get('etag')], [200, '"v2"']);
  const body = await bodyOf<object>(changed);
  assert.match(JSON.stringify(body), '"decision":{"outcome":"APPROVED","ruleset":"test-1","decidedBy":"RULES"');
});

test('a late decision moves the version and keeps the decision', async () => {
  const { id } = await opened();
  served.api.decide(id, 'REJECTED', 'DEADLINE');
  served.api.decide(id, 'APPROVED');
  const response = await served.get(`/transactions/${id}`);
  assert.is(response.headers.get('etag'), '"v3"');
  assert.match(await response.text(), '"decision":{"outcome":"REJECTED","ruleset":null,"decidedBy":"DEADLINE"');
  const history = await bodyOf<{ events: { event: string }[] }>(await served.get(`/transactions/${id}/history`));
  assert.equal(
    history.events.map(({ event }) => event),
    ['transaction.opened', 'transaction.rejected', 'transaction.decision_superseded'],
  );
});

test('Prefer on GET waits for the terminal status, at the most as long as it says', async () => {
  const { id } = await opened();
  const startedAt = systemClock.elapsed();
  const early = await served.get(`/transactions/${id}`, { Prefer: 'wait=1' });
  assert.ok(systemClock.elapsed() - startedAt >= 950);
  assert.is(early.headers.get('preference-applied'), 'wait=1');
  assert.is((await bodyOf<Body>(early)).transactionStatus.name, 'PENDING');
  const waiting = served.get(`/transactions/${id}`, { Prefer: 'wait=600' });
  served.api.decide(id, 'APPROVED');
  const late = await waiting;
  assert.is(late.headers.get('preference-applied'), 'wait=2', 'bounded by configuration');
  assert.is((await bodyOf<Body>(late)).transactionStatus.name, 'APPROVED');
  const plain = await served.get(`/transactions/${id}`, { Prefer: 'wait=soon' });
  assert.equal([plain.status, plain.headers.get('preference-applied')], [200, null]);
});

test('pages go back in time without a gap or a repeat, while new transactions arrive', async () => {
  const currency = { currency: 'KWD' };
  const account = '7d444840-9dc0-11d1-b245-5ffdce74fad2';
  const ids: string[] = [];
  for (let count = 0; count < 7; count += 1) {
    ids.push((await opened({ ...currency, accountExternalIdDebit: account })).id);
  }
  const seen: string[] = [];
  let query = `?account=${account.toUpperCase()}&limit=3`;
  for (;;) {
    const { items, next, link } = await page(query);
    seen.push(...items.map(({ transactionExternalId }) => transactionExternalId));
    await opened({ accountExternalIdCredit: account });
    if (next === null) {
      assert.is(link, null);
      break;
    }
    const [, target = ''] = /^<\/transactions(\?[^>]+)>; rel="next"$/.exec(link ?? '') ?? [];
    assert.is(new URLSearchParams(target).get('cursor'), next);
    query = target;
  }
  assert.equal(seen, ids.toSorted().toReversed());
});

test('pages are filtered by status and time', async () => {
  const { id, bytes } = await opened();
  const { createdAt }: { createdAt: string } = JSON.parse(bytes);
  served.api.decide(id, 'REJECTED');
  const rejected = await page('?status=REJECTED&limit=5');
  assert.ok(rejected.items.some(({ transactionExternalId }) => transactionExternalId === id));
  assert.ok(rejected.items.every(({ transactionStatus }) => transactionStatus.name === 'REJECTED'));
  assert.equal((await page(`?createdTo=2020-01-01T00:00:00Z`)).items, []);
  assert.is((await page(`?createdFrom=${encodeURIComponent(createdAt)}&limit=5`)).items[0]?.transactionExternalId, id);
});

const badQueries: readonly (readonly [query: string, parameter: string])[] = [
  ['statsu=PENDING', 'statsu'],
  ['status=pending', 'status'],
  ['status=PENDING&status=APPROVED', 'status'],
  ['account=me', 'account'],
  ['createdFrom=yesterday', 'createdFrom'],
  ['createdTo=2026-02-31T00:00:00Z', 'createdTo'],
  ['createdFrom=1998-12-31T23:59:60Z', 'createdFrom'],
  ['limit=0', 'limit'],
  ['limit=6', 'limit'],
  ['limit=-1', 'limit'],
  ['cursor=x', 'cursor'],
  ['cursor=AAAAAAAAAAAAAAAAAAAAAB', 'cursor'],
];
for (const [query, parameter] of badQueries) {
  test(`refuses ?${query}`, async () => {
    const { status, type, errors } = await problemOf(await served.get(`/transactions?${query}`));
    assert.equal([status, type], [400, 'invalid-query']);
    assert.is(errors[0]?.parameter, parameter);
  });
}

test('a history holds each event with its time and decision, and no account', async () => {
  const { id } = await opened();
  served.api.decide(id, 'REJECTED');
  const text = await (await served.get(`/transactions/${id}/history`)).text();
  const body: {
    events: { version: number; event: string; decision: unknown; reasons: string[] }[];
  } = JSON.parse(text);
  assert.equal(
    body.events.map(({ version, event, reasons }) => [version, event, reasons]),
    [
      [1, 'transaction.opened', []],
      [2, 'transaction.rejected', ['AMOUNT_LIMIT_EXCEEDED']],
    ],
  );
  assert.not.match(text, debit);
  assert.not.match(text, credit);
});

test.run();
