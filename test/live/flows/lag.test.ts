/** A consumer that does nothing for half a minute is never answered with more load: nothing is sent again, and when it goes on everything becomes terminal. */
import * as assert from 'uvu/assert';
import { assertSound, countPending } from '../../support/audit.ts';
import { Deployment, oneOfEach } from '../../support/deployment.ts';
import type { ReplicaName } from '../../support/deployment.ts';
import { Load } from '../../support/load.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';

const test = suite('lag');

const frozenMs = 30_000;

let services: LiveServices;
let ring: Deployment;
const keys: string[] = [];
const opened: { readonly key: string; readonly id: string }[] = [];

test.before(async () => {
  services = await liveServices();
  ring = await Deployment.start({ services, replicas: oneOfEach });
});

test.after(async () => {
  await ring[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

for (const name of ['anti-fraud-1', 'settlement-1'] satisfies readonly ReplicaName[]) {
  test(`nothing is sent again while ${name} is frozen for 30 s under load`, async () => {
    const warm = new Load({ urls: ring.frontDoors, count: 200 });
    await noted(warm);
    ring.freeze(name);
    const frozenAt = performance.now();
    // 4 clients that rest for 50 ms: some 60 a second for the whole time.
    const load = new Load({ urls: ring.frontDoors, count: 1_500, clients: 4, restMs: 50 });
    await noted(load);
    await within(frozenMs, `${frozenMs} ms frozen`, () => performance.now() - frozenAt >= frozenMs - 50);
    assert.is(await ring.metric('relay-1', 'verdict_resent_total'), 0);
    assert.ok((await ring.metric('relay-1', 'verdict_relay_stragglers')) > 0, 'the relay saw no stragglers');
    ring.thaw(name);
    const thawedAt = performance.now();
    await within(60_000, 'all terminal', async () => (await countPending(ring.databaseUrl)) === 0);
    console.log(`${name}: all terminal ${Math.round(performance.now() - thawedAt)} ms after it went on`);
    assert.is(await ring.metric('relay-1', 'verdict_resent_total'), 0);
    await assertSound(ring.databaseUrl, { keys, opened });
  }, 110_000);
}

async function noted(load: Load): Promise<void> {
  await load.done;
  keys.push(...load.keys);
  opened.push(...load.answered.values());
}

test.run();
