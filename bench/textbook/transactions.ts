/**
 * The textbook's transaction service, written as the common solutions write it: each request inserts one row and produces one record, each decision is
 * consumed alone and updates one row. Stock kafkajs and pg, defaults wherever there are any; no idempotency, and no outbox: what is not produced is lost.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';

import { Kafka, Partitioners, logLevel } from 'kafkajs';
import Koa from 'koa';
import type { Context } from 'koa';
import pg from 'pg';
import { getRawBody } from 'raw-body';

import { textbookSettings } from './settings.ts';

type Body = {
  readonly accountExternalIdDebit: string;
  readonly accountExternalIdCredit: string;
  readonly tranferTypeId: number;
  readonly value: number;
};

const { databaseUrl, brokers, topics, partitions, concurrency } = textbookSettings();
const pool = new pg.Pool({ connectionString: databaseUrl });
await pool.query(`create table transaction (
  id uuid primary key, debit uuid not null, credit uuid not null, type_id int not null, value numeric(17, 2) not null,
  status text not null default 'PENDING', created_at timestamptz not null default now(), updated_at timestamptz)`);

const kafka = new Kafka({ clientId: 'textbook-transactions', brokers, logLevel: logLevel.ERROR });
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({
  waitForLeaders: true,
  topics: Object.values(topics).map((topic) => ({ topic, numPartitions: partitions })),
});
await admin.disconnect();

const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
await producer.connect();
const followers = new Set<NodeJS.WritableStream>();
const consumer = kafka.consumer({ groupId: `${topics.decided}-transactions` });
await consumer.connect();
await consumer.subscribe({ topics: [topics.decided], fromBeginning: true });
const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
await consumer.run({
  partitionsConsumedConcurrently: concurrency,
  eachMessage: async ({ message }) => {
    const { id, status }: { id: string; status: string } = JSON.parse(String(message.value));
    await pool.query('update transaction set status = $2, updated_at = now() where id = $1', [id, status]);
    const data = JSON.stringify({ transactionExternalId: id, transactionStatus: { name: status } });
    for (const follower of followers) follower.write(`data: ${data}\n\n`);
  },
});
await joined;

async function open(context: Context): Promise<void> {
  const body: Body = JSON.parse(await getRawBody(context.req, { encoding: 'utf8', limit: 16_384 }));
  const id = randomUUID();
  const createdAt = new Date().toISOString();
  await pool.query(
    'insert into transaction (id, debit, credit, type_id, value, created_at) values ($1,$2,$3,$4,$5,$6)',
    [id, body.accountExternalIdDebit, body.accountExternalIdCredit, body.tranferTypeId, body.value, createdAt],
  );
  await producer.send({
    topic: topics.created,
    messages: [{ key: id, value: JSON.stringify({ id, value: body.value }) }],
  });
  context.status = 201;
  context.body = {
    transactionExternalId: id,
    transactionType: { name: 'TRANSFER' },
    transactionStatus: { name: 'PENDING' },
    value: body.value,
    createdAt,
  };
}

const app = new Koa();
app.use(async (context) => {
  if (context.method === 'POST' && context.path === '/transactions') return open(context);
  if (context.path !== '/events') return;
  context.respond = false;
  context.res.writeHead(200, { 'Content-Type': 'text/event-stream' });
  context.res.write(': here\n\n');
  followers.add(context.res);
  context.res.on('close', () => followers.delete(context.res));
});
const server = createServer((request, response) => void app.callback()(request, response));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
process.on('disconnect', () => process.exit());
process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
