/**
 * The textbook's transaction service, written as the common solutions write it: each request inserts one row and produces one record, each decision is
 * consumed alone and updates one row. Stock kafkajs and pg, defaults wherever there are any; no idempotency, and no outbox: what is not produced is lost.
 */
import { randomUUID } from 'node:crypto';

import { Kafka, Partitioners, logLevel } from 'kafkajs';
import pg from 'pg';

import { serveFace } from '../face/koa-face.ts';
import { readOrder } from '../face/order.ts';
import { createTable, insertRow, readRow, updateStatus } from '../face/rows.ts';
import { textbookSettings } from './settings.ts';

const { databaseUrl, brokers, topics, partitions, concurrency, poolMax } = textbookSettings();
const pool = new pg.Pool({ connectionString: databaseUrl, max: poolMax });
await createTable(pool);

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

const { tell, ready } = await serveFace({
  open: async (request) => {
    const opened = { id: randomUUID(), createdAt: new Date().toISOString(), order: await readOrder(request) };
    await insertRow(pool, opened);
    const { id, order } = opened;
    await producer.send({
      topic: topics.created,
      messages: [{ key: id, value: JSON.stringify({ id, value: order.value }) }],
    });
    return opened;
  },
  read: (id) => readRow(pool, id),
});

const consumer = kafka.consumer({ groupId: `${topics.decided}-transactions` });
await consumer.connect();
await consumer.subscribe({ topics: [topics.decided], fromBeginning: true });
const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
await consumer.run({
  partitionsConsumedConcurrently: concurrency,
  eachMessage: async ({ message }) => {
    const { id, status }: { id: string; status: string } = JSON.parse(String(message.value));
    await updateStatus(pool, id, status);
    tell(id, status);
  },
});
await joined;
ready();
