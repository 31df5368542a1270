/** Takes each service away in the middle of a load and gives it back, with nobody restarting anything of Verdict: what was acknowledged is kept, and work goes on in time. */
import * as assert from 'uvu/assert';
import { EventStream } from '../../../tools/run/event-stream.ts';
import type { ServiceName } from '../../../tools/services/service.ts';
import type { Services } from '../../../tools/services/start-services.ts';
import { allRows, assertSound, countPending, firstSettledAt, longestWaitMs } from '../../support/audit.ts';
import { Deployment } from '../../support/deployment.ts';
import { Load } from '../../support/load.ts';
import { ownServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { assertTranscript } from '../../support/transcript.ts';
import { within } from '../../support/within.ts';

const test = suite('outages');

type Outage = {
  readonly names: readonly ServiceName[];
  /** From the moment at which the service answers again to the next 201, and to the next settlement. */
  readonly acceptsMaxMs: number;
  readonly settlesMaxMs: number;
};

const outages: readonly Outage[] = [
  { names: ['redis'], acceptsMaxMs: 1_000, settlesMaxMs: 2_000 },
  { names: ['postgres'], acceptsMaxMs: 2_000, settlesMaxMs: 5_000 },
  { names: ['kafka'], acceptsMaxMs: 1_000, settlesMaxMs: 20_000 },
  { names: ['kafka', 'postgres', 'redis'], acceptsMaxMs: 5_000, settlesMaxMs: 30_000 },
];

const terminalMaxMs = 60_000;
const awayMs = 2_000;

let services: LiveServices & Services;
let ring: Deployment;
let stream: EventStream;
const keys: string[] = [];
const opened: { readonly key: string; readonly id: string }[] = [];

test.before(async () => {
  services = await ownServices();
  ring = await Deployment.start({ services, replicas: { 'front-door': 2, relay: 1, 'anti-fraud': 2, settlement: 1 } });
  stream = new EventStream({ urls: ring.frontDoors });
  await stream.opened;
});

test.after(async () => {
  await stream[Symbol.asyncDispose]();
  await ring[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

for (const { names, acceptsMaxMs, settlesMaxMs } of outages) {
  test(`kill -9 of ${names.join(', ')}, back after ${awayMs} ms`, async () => {
    const during = new Load({ urls: ring.frontDoors, count: 1_000, clients: 16, restMs: 20 });
    await during.reached(200);
    const lostAt = Date.now();
    await Promise.all(names.map((name) => services.kill(name)));
    await within(2 * awayMs, `${awayMs} ms away`, () => Date.now() - lostAt >= awayMs);
    await Promise.all(names.map((name) => services.restart(name)));
    const backAt = Date.now();
    const after = new Load({ urls: ring.frontDoors, count: 200, clients: 4, restMs: 20 });
    for (const load of [during, after]) {
      await load.done;
      keys.push(...load.keys);
      opened.push(...load.answered.values());
    }
    await within(terminalMaxMs, 'all terminal', async () => (await countPending(ring.databaseUrl)) === 0);
    const accepted = Math.min(...[...after.answered.values()].map(({ at }) => at)) - backAt;
    const settled = (await firstSettledAt(ring.databaseUrl, backAt)) - backAt;
    const longest = Math.max(...[...during.answered.values()].map(({ ms }) => ms));
    const statuses = JSON.stringify(Object.fromEntries(during.statuses));
    console.log(
      `${names.join()}: back after ${backAt - lostAt} ms, next 201 after ${accepted} ms, next settlement after ${settled} ms,`,
      `longest wait ${await longestWaitMs(ring.databaseUrl, lostAt)} ms, longest answer ${Math.round(longest)} ms, answers ${statuses}`,
    );
    await assertSound(ring.databaseUrl, { keys, opened });
    await assertTranscript(stream, await allRows(ring.databaseUrl));
    assert.ok(accepted <= acceptsMaxMs, `the next 201 came after ${accepted} ms`);
    assert.ok(settled <= settlesMaxMs, `the next settlement came after ${settled} ms`);
    if (!names.includes('postgres')) assert.is(during.serverErrors, 0);
  }, 120_000);
}

test('asked to end while Kafka is away, every role ends in good order', async () => {
  await services.kill('kafka');
  const load = new Load({ urls: ring.frontDoors, count: 50, clients: 8 });
  await load.done;
  const ended = await Promise.all(ring.replicas.map(async (name) => ({ name, ...(await ring.end(name)) })));
  console.log(ended.map(({ name, code, ms }) => `${name} ${code} ${Math.round(ms)} ms`).join(', '));
  for (const { name, code, ms } of ended) {
    assert.is(code, 0, name);
    assert.ok(ms <= 10_000, `${name} took ${ms} ms`);
  }
}, 60_000);

test.run();
