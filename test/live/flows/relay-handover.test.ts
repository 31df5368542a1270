/** Of two relays one is active: when it is killed or frozen the other takes over in time, and one that wakes up again steps back. */
import * as assert from 'uvu/assert';
import { assertSound, countPending } from '../../support/audit.ts';
import { Deployment } from '../../support/deployment.ts';
import type { ReplicaName } from '../../support/deployment.ts';
import { Load } from '../../support/load.ts';
import { TopicReader } from '../../support/log-reader.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';

const test = suite('relay handover');

const handoverMaxMs = 12_000;

let services: LiveServices;
let ring: Deployment;
let settlements: TopicReader;
const keys: string[] = [];
const opened: { readonly key: string; readonly id: string }[] = [];

test.before(async () => {
  services = await liveServices();
  ring = await Deployment.start({ services, replicas: { 'front-door': 1, relay: 2, 'anti-fraud': 1, settlement: 1 } });
  settlements = await TopicReader.open(services.env.KAFKA_BROKERS, `${ring.topicPrefix}settlements`);
});

test.after(async () => {
  await settlements[Symbol.asyncDispose]();
  await ring[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

test('the active one is killed', async () => {
  await postAndHear();
  const active = await activeRelay();
  const at = performance.now();
  await ring.kill(active);
  await takenOver(active, at);
  await ring.restart(active);
}, 60_000);

test('the active one is frozen, and steps back when it wakes', async () => {
  await postAndHear();
  const active = await activeRelay();
  const at = performance.now();
  ring.freeze(active);
  await takenOver(active, at);
  ring.thaw(active);
  await within(15_000, `${active} steps back`, () => !isActive(active));
  assert.is.not(await activeRelay(), active);
  await postAndHear();
}, 60_000);

test('the rows are sound', () => assertSound(ring.databaseUrl, { keys, opened }));

async function takenOver(from: ReplicaName, at: number): Promise<void> {
  const to = await within(handoverMaxMs, `the other relay takes over from ${from}`, () =>
    ring.names('relay').find((name) => name !== from && isActive(name)),
  );
  const activeMs = Math.round(performance.now() - at);
  await postAndHear();
  const heardMs = Math.round(performance.now() - at);
  console.log(
    `${to} took over after ${activeMs} ms; what was posted then was heard ${heardMs} ms after the loss of ${from}`,
  );
}

/** Both the decisions and the settlements flow. */
async function postAndHear(): Promise<void> {
  const load = new Load({ urls: ring.frontDoors, count: 100 });
  await load.done;
  keys.push(...load.keys);
  opened.push(...load.answered.values());
  await within(10_000, 'all terminal', async () => (await countPending(ring.databaseUrl)) === 0);
  await within(10_000, 'all settlements', () => {
    const told = new Set(settlements.records.map(({ key }) => String(key)));
    return opened.every(({ id }) => told.has(id));
  });
}

async function activeRelay(): Promise<ReplicaName> {
  return within(10_000, 'one active relay', () => {
    const active = ring.names('relay').filter(isActive);
    return active.length === 1 ? active[0] : undefined;
  });
}

/** By what it says of itself; one that is frozen does not know better. */
function isActive(name: ReplicaName): boolean {
  const output = ring.process(name).output();
  return output.lastIndexOf('"message":"active"') > output.lastIndexOf('"message":"no longer active"');
}

test.run();
