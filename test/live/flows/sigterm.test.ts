/** Asks each replica in turn to end while clients post at full rate: it ends well within ten seconds, the others take over, and nothing is lost or told twice. */
import * as assert from 'uvu/assert';
import { EventStream } from '../../../tools/run/event-stream.ts';
import { allRows, assertSound, countPending, longestWaitMs } from '../../support/audit.ts';
import { Deployment } from '../../support/deployment.ts';
import type { Role } from '../../support/deployment.ts';
import { Load } from '../../support/load.ts';
import { liveServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { assertTranscript } from '../../support/transcript.ts';
import { within } from '../../support/within.ts';

const test = suite('sigterm');

const endMaxMs = 10_000;
const roles: readonly Role[] = ['front-door', 'anti-fraud', 'settlement', 'relay'];
/** The partitions of one that has left in good order wait no longer for another; the relay brings what a front door could not announce. */
const waitMaxMs = 5_000;

let services: LiveServices;
let ring: Deployment;
let stream: EventStream;
const keys: string[] = [];
const opened: { readonly key: string; readonly id: string }[] = [];

test.before(async () => {
  services = await liveServices();
  ring = await Deployment.start({ services, replicas: { 'front-door': 2, relay: 2, 'anti-fraud': 2, settlement: 2 } });
  stream = new EventStream({ urls: ring.frontDoors });
  await stream.opened;
});

test.after(async () => {
  await stream[Symbol.asyncDispose]();
  await ring[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

for (const role of roles) {
  test(`one of two replicas of ${role}`, async () => {
    const load = new Load({ urls: ring.frontDoors, count: 2_000, clients: 32, restMs: 10 });
    await load.reached(500);
    const askedAt = Date.now();
    const { code, ms } = await ring.end(`${role}-1`);
    await load.done;
    keys.push(...load.keys);
    opened.push(...load.answered.values());
    await within(30_000, 'all terminal', async () => (await countPending(ring.databaseUrl)) === 0);
    const waitMs = await longestWaitMs(ring.databaseUrl, askedAt);
    const statuses = JSON.stringify(Object.fromEntries(load.statuses));
    console.log(`${role}: ended after ${Math.round(ms)} ms, longest wait ${waitMs} ms, answers ${statuses}`);
    await ring.restart(`${role}-1`);
    assert.is(code, 0, ring.report());
    assert.ok(ms <= endMaxMs, `${ms} ms to end`);
    assert.ok(waitMs <= waitMaxMs, `longest wait ${waitMs} ms`);
    assert.is(load.serverErrors, 0);
    await assertSound(ring.databaseUrl, { keys, opened });
    await assertTranscript(stream, await allRows(ring.databaseUrl));
  }, 90_000);
}

test.run();
