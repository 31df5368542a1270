/** Empties Kafka, Redis and both in the middle of a load, with nobody restarting anything: all becomes terminal once, and other systems hear of all of it. */
import { EventStream } from '../../../tools/run/event-stream.ts';
import type { ServiceName } from '../../../tools/services/service.ts';
import type { Services } from '../../../tools/services/start-services.ts';
import { allRows, assertSound, countPending, longestWaitMs } from '../../support/audit.ts';
import type { Row } from '../../support/audit.ts';
import { Deployment, pairs } from '../../support/deployment.ts';
import { Load } from '../../support/load.ts';
import { TopicReader } from '../../support/log-reader.ts';
import { ownServices } from '../../support/services.ts';
import type { LiveServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { assertTranscript } from '../../support/transcript.ts';
import { within } from '../../support/within.ts';

const test = suite('wipe');

const wipes: readonly (readonly ServiceName[])[] = [['redis'], ['kafka'], ['kafka', 'redis']];
const terminalMaxMs = 120_000;

let services: LiveServices & Services;
let ring: Deployment;
let stream: EventStream;
const keys: string[] = [];
const opened: { readonly key: string; readonly id: string }[] = [];

test.before(async () => {
  services = await ownServices();
  ring = await Deployment.start({ services, replicas: pairs });
  stream = new EventStream({ urls: ring.frontDoors });
  await stream.opened;
});

test.after(async () => {
  await stream[Symbol.asyncDispose]();
  await ring[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

for (const names of wipes) {
  test(`2,000 posts survive a wipe of ${names.join(' and ')}`, async () => {
    const load = new Load({ urls: ring.frontDoors, count: 2_000, clients: 32, restMs: 20 });
    await load.reached(600);
    const wipedAt = Date.now();
    await Promise.all(names.map((name) => services.wipe(name)));
    const backMs = Date.now() - wipedAt;
    await load.done;
    keys.push(...load.keys);
    opened.push(...load.answered.values());
    await within(terminalMaxMs, 'all terminal', async () => (await countPending(ring.databaseUrl)) === 0);
    await assertSound(ring.databaseUrl, { keys, opened });
    const rows = await allRows(ring.databaseUrl);
    await assertTranscript(stream, rows);
    await assertSettlements(rows);
    const waitMs = await longestWaitMs(ring.databaseUrl, wipedAt);
    const statuses = JSON.stringify(Object.fromEntries(load.statuses));
    console.log(`${names.join()}: back after ${backMs} ms, longest wait ${waitMs} ms, answers ${statuses}`);
  }, 180_000);
}

/** Whoever reads the settlements from the first one finds every transaction, at least once, with the status that it has. */
async function assertSettlements(rows: readonly Row[]): Promise<void> {
  await using reader = await TopicReader.open(services.env.KAFKA_BROKERS, `${ring.topicPrefix}settlements`);
  const missing = (): readonly string[] => {
    const told = new Set(reader.records.map(({ key, value }) => `${String(key)} ${JSON.parse(String(value)).status}`));
    return rows.map(({ id, status }) => `${id} ${status}`).filter((line) => !told.has(line));
  };
  await within(20_000, 'all settlements', () => missing().length === 0).catch(() => {
    const [first] = missing();
    throw new Error(`${missing().length} of ${rows.length} settlements are missing, such as ${first}`);
  });
}

test.run();
