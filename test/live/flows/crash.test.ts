/** Kills each role in turn while clients post at full rate and follow the stream: whatever was acknowledged becomes terminal once, and is told once. */
import { EventStream } from '../../../tools/run/event-stream.ts';
import { allRows, assertSound, countPending, longestWaitMs } from '../../support/audit.ts';
import { Deployment } from '../../support/deployment.ts';
import type { ReplicaName } from '../../support/deployment.ts';
import { Load } from '../../support/load.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { assertTranscript } from '../../support/transcript.ts';
import { within } from '../../support/within.ts';

const test = suite('crash');

type Strike = {
  /** Killed together, restarted together. */
  readonly names: readonly ReplicaName[];
  /** The longest that a transaction waits for its decision, the restart included. */
  readonly waitMaxMs: number;
};

/** All replicas of a role at a time, so that it really hurts. */
const strikes: readonly Strike[] = [
  { names: ['front-door-1'], waitMaxMs: 15_000 },
  { names: ['front-door-1', 'front-door-2'], waitMaxMs: 15_000 },
  { names: ['anti-fraud-1'], waitMaxMs: 20_000 },
  { names: ['settlement-1'], waitMaxMs: 20_000 },
  { names: ['relay-1'], waitMaxMs: 15_000 },
  { names: ['front-door-1', 'front-door-2', 'anti-fraud-1', 'settlement-1', 'relay-1'], waitMaxMs: 60_000 },
];

let services: LiveServices;
let ring: Deployment;
let stream: EventStream;
const keys: string[] = [];
const opened: { readonly key: string; readonly id: string }[] = [];

test.before(async () => {
  services = await liveServices();
  ring = await Deployment.start({ services, replicas: { 'front-door': 2, relay: 1, 'anti-fraud': 1, settlement: 1 } });
  stream = new EventStream({ urls: ring.frontDoors });
  await stream.opened;
});

test.after(async () => {
  await stream[Symbol.asyncDispose]();
  await ring[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

for (const { names, waitMaxMs } of strikes) {
  test(`2,000 posts survive kill -9 of ${names.join(', ')}`, async () => {
    const load = new Load({ urls: ring.frontDoors, count: 2_000 });
    await load.reached(600);
    const killedAt = Date.now();
    await Promise.all(names.map((name) => ring.kill(name)));
    await Promise.all(names.map((name) => ring.restart(name)));
    const readyMs = Date.now() - killedAt;
    await load.done;
    keys.push(...load.keys);
    opened.push(...load.answered.values());
    await within(60_000, 'all terminal', async () => (await countPending(ring.databaseUrl)) === 0);
    await assertSound(ring.databaseUrl, { keys, opened });
    await assertTranscript(stream, await allRows(ring.databaseUrl));
    const waitMs = await longestWaitMs(ring.databaseUrl, killedAt);
    const statuses = JSON.stringify(Object.fromEntries(load.statuses));
    console.log(`${names.join()}: ready again after ${readyMs} ms, longest wait ${waitMs} ms, answers ${statuses}`);
    if (waitMs > waitMaxMs) throw new Error(`somebody waited for ${waitMs} ms, not ${waitMaxMs}`);
  }, 90_000);
}

test.run();
