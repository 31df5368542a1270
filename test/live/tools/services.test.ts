/** The launcher keeps its word: what is killed comes back on its port, what is wiped is empty, and nothing outlives its owner. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import * as assert from 'uvu/assert';
import { ownServices } from '../../support/services.ts';
import { suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';
import type { Admin } from 'kafkajs';
import type { LiveServices } from '../../support/services.ts';
import type { Services } from '../../../tools/services/start-services.ts';

const test = suite('services');
const root = fileURLToPath(new URL('../../../', import.meta.url));
const launcher = join(root, 'tools/services/main.ts');
const scratch = await mkdtemp(join(tmpdir(), 'verdict-test-'));
let services: LiveServices & Services;

test.before(async () => {
  services = await ownServices();
});

test.after(async () => {
  await services[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

test('a killed Redis comes back on its port, empty', async () => {
  await redis((client) => client.set('key', 'value'));
  await services.kill('redis');
  await assertRejects(redis((client) => client.ping()));
  await services.restart('redis');
  assert.is(await redis((client) => client.dbsize()), 0);
});

test('a wiped Redis is empty', async () => {
  await redis((client) => client.set('key', 'value'));
  await services.wipe('redis');
  assert.is(await redis((client) => client.dbsize()), 0);
});

test('a frozen Redis takes connections and answers only when it goes on', async () => {
  services.stop('redis');
  await assertRejects(redis((client) => client.ping()));
  services.cont('redis');
  assert.is(await redis((client) => client.ping()), 'PONG');
});

test('a killed PostgreSQL comes back on its port and keeps what was committed', async () => {
  const url = await services.freshDatabase();
  await sql(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await services.kill('postgres');
  await assertRejects(sql(url, 'SELECT 1'));
  await services.restart('postgres');
  assert.equal(await sql(url, 'SELECT answer FROM kept'), [{ answer: 42 }]);
});

test('a killed Kafka comes back on its port and keeps its records', async () => {
  const topic = `${services.freshPrefix()}kept`;
  await produce(topic, 3);
  await services.kill('kafka');
  await services.restart('kafka');
  assert.equal(await admin((client) => client.fetchTopicOffsets(topic)), [
    { partition: 0, offset: '3', high: '3', low: '0' },
  ]);
});

test('a wiped Kafka has no topics and another cluster id, on the same port', async () => {
  await produce(`${services.freshPrefix()}lost`, 1);
  const before = await admin((client) => client.describeCluster());
  await services.wipe('kafka');
  const after = await admin((client) => client.describeCluster());
  assert.equal(await admin((client) => client.listTopics()), []);
  assert.is.not(after.clusterId, before.clusterId);
  assert.is(after.brokers[0]?.port, before.brokers[0]?.port);
});

test('services go when their owner is killed', async () => {
  const directory = join(scratch, 'owned');
  const module = JSON.stringify(join(root, 'tools/services/start-services.ts'));
  const script = `import { startServices } from ${module}; await startServices({ dir: ${JSON.stringify(directory)}, only: ['redis'] }); console.log('up');`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', `${script} setInterval(() => 0, 1000);`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(owner.stdout, 'data');
  const pid = Number((await readFile(join(directory, 'redis.pid'), 'utf8')).split(' ')[0]);
  owner.kill('SIGKILL');
  await within(
    5_000,
    'Redis and its directory are gone',
    async () => !(await runs(pid)) && !(await readdir(scratch)).includes('owned'),
  );
});

test('the command line brings Redis up, tells where it is, and leaves nothing behind', async () => {
  const dir = ['--dir', join(scratch, 'by-hand')];
  assert.match((await launch(['up', '--only', 'redis', ...dir])).output, /^redis answers after \d+\.\d s\n$/);
  assert.match((await launch(['env', ...dir])).output, /^export REDIS_URL=redis:\/\/127\.0\.0\.1:\d+\n$/);
  assert.is((await launch(['kill', 'redis', ...dir])).code, 0);
  assert.match((await launch(['status', ...dir])).output, /down\n$/);
  assert.is((await launch(['down', ...dir])).code, 0);
  assert.not.ok((await readdir(scratch)).includes('by-hand'));
});

test('a missing program is named with its package and exit code 69', async () => {
  const directory = join(scratch, 'poor');
  const { code, output } = await launch(['up', '--only', 'redis', '--dir', directory], dirname(process.execPath));
  assert.is(code, 69);
  assert.is(output, 'redis-server is missing: apt-get install redis-server\n');
  assert.not.ok((await readdir(scratch)).includes('poor'));
});

test('a directory that holds other things is refused', async () => {
  const { code, output } = await launch(['up', '--dir', root]);
  assert.is(code, 1);
  assert.match(output, /holds other things/);
});

test.run();

function launch(args: readonly string[], path = process.env['PATH']): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [launcher, ...args],
      { env: { ...process.env, PATH: path } },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

async function redis<T>(use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(services.env.REDIS_URL, {
    lazyConnect: true,
    commandTimeout: 500,
    disconnectTimeout: 0,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}

async function sql(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function produce(topic: string, count: number): Promise<void> {
  await admin((client) => client.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true }));
  const producer = kafka().producer();
  await producer.connect();
  await producer.send({
    topic,
    acks: -1,
    messages: Array.from({ length: count }, (_, index) => ({ value: `${index}` })),
  });
  await producer.disconnect();
}

async function admin<T>(use: (client: Admin) => Promise<T>): Promise<T> {
  const client = kafka().admin();
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.disconnect();
  }
}

function kafka(): Kafka {
  return new Kafka({
    clientId: 'services-test',
    brokers: services.env.KAFKA_BROKERS.split(','),
    logLevel: logLevel.NOTHING,
  });
}

async function assertRejects(promise: Promise<unknown>): Promise<void> {
  await promise.then(
    () => assert.unreachable('it should have failed'),
    () => undefined,
  );
}

async function runs(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone) X');
  return !/\) [ZX]/.test(stat);
}
