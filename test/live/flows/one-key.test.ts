/** Fifty requests with one key at two front doors at once make one transaction and get the same bytes, whatever becomes of Redis meanwhile. */
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { parseTransaction, post } from '../../../tools/run/client.ts';
import type { Posted } from '../../../tools/run/client.ts';
import type { Services } from '../../../tools/services/start-services.ts';
import { assertSound, countPending } from '../../support/audit.ts';
import { Deployment } from '../../support/deployment.ts';
import { ownServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';

const test = suite('one key');

const requests = 50;
/** Keys at the same time, since a single one would be won or lost by chance. */
const atOnce = 8;

let services: LiveServices & Services;
let ring: Deployment;
const keys: string[] = [];
const opened: { readonly key: string; readonly id: string }[] = [];

test.before(async () => {
  services = await ownServices();
  const replicas = { 'front-door': 2, relay: 1, 'anti-fraud': 1, settlement: 1 };
  ring = await Deployment.start({ services, replicas });
});

test.after(async () => {
  await ring[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

test('as it is', async () => {
  await volley(() => ({}));
});

test('some of them wait for the decision', async () => {
  await volley((turn) => (turn % 3 === 0 ? { prefer: 'wait=3' } : {}));
});

test('FLUSHALL again and again in the middle', async () => {
  const redis = new Redis(services.env.REDIS_URL);
  const over = new AbortController();
  const flushing = (async () => {
    while (!over.signal.aborted) await redis.flushall();
  })();
  await volley((turn) => (turn % 3 === 0 ? { prefer: 'wait=3' } : {})).finally(() => over.abort());
  await flushing;
  redis.disconnect();
});

test('Redis killed in the middle', async () => {
  const killing = services.kill('redis');
  await volley(() => ({}));
  await killing;
  await volley(() => ({}));
  await services.restart('redis');
});

test('Redis frozen', async () => {
  services.stop('redis');
  await volley(() => ({})).finally(() => services.cont('redis'));
});

test('the rows are sound', async () => {
  await within(30_000, 'all terminal', async () => (await countPending(ring.databaseUrl)) === 0);
  await assertSound(ring.databaseUrl, { keys, opened });
});

/** Fifty at once for each of several keys; a 409 is tried again until it is a 201. */
async function volley(headersOf: (turn: number) => Readonly<Record<string, string>>): Promise<void> {
  const fresh = Array.from({ length: atOnce }, () => crypto.randomUUID());
  keys.push(...fresh);
  const answers = await Promise.all(
    fresh.map((key) =>
      Promise.all(Array.from({ length: requests }, (_, turn) => untilAnswered(key, turn, headersOf(turn)))),
    ),
  );
  fresh.forEach((key, index) => {
    const texts = new Set(answers[index]?.map(({ text }) => text));
    assert.is(texts.size, 1, `${texts.size} different answers for one key:\n${[...texts].join('\n')}`);
    const firsts = answers[index]?.filter(({ headers }) => !headers.has('idempotency-replayed')).length;
    assert.ok(firsts !== undefined && firsts <= 1, `${firsts} answers claim to be the first`);
    opened.push({ key, id: parseTransaction([...texts][0] ?? '').transactionExternalId });
  });
}

async function untilAnswered(key: string, turn: number, headers: Readonly<Record<string, string>>): Promise<Posted> {
  const url = ring.frontDoors[turn % 2] ?? '';
  return within(20_000, 'a 201', async () => {
    const posted = await post(url, { key, headers });
    assert.ok(posted.status === 201 || posted.status === 409, `${posted.status} ${posted.text}`);
    return posted.status === 201 && posted;
  });
}

test.run();
