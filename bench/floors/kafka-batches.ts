/** What Kafka takes and gives through kafkajs: batches of records sent to six partitions and acknowledged, and the same records consumed by the batch. */
import { randomUUID } from 'node:crypto';

import { Kafka, Partitioners, logLevel } from 'kafkajs';

import { batchSize } from './floor.ts';
import type { OpenFloor } from './floor.ts';

const partitions = 6;
/** Read again from the beginning, partition by partition, where a consumer has come to the end. */
const stockedRecords = 60_000;
const value = JSON.stringify({ id: randomUUID(), value: 120.25, at: new Date(0).toISOString(), pad: 'x'.repeat(150) });

export const openProduce: OpenFloor = async ({ KAFKA_BROKERS }) => {
  const { send } = await openTopic(KAFKA_BROKERS);
  return { step: send, atOnce: 2 };
};

export const openConsume: OpenFloor = async ({ KAFKA_BROKERS }) => {
  const { kafka, topic, send } = await openTopic(KAFKA_BROKERS);
  for (let sent = 0; sent < stockedRecords;) {
    const counts = await Promise.all(Array.from({ length: 10 }, send));
    sent += counts.reduce((sum, count) => sum + count, 0);
  }
  const consumer = kafka.consumer({ groupId: topic });
  let taken = Promise.withResolvers<number>();
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachBatchAutoResolve: true,
    eachBatch: async ({ batch }) => {
      taken.resolve(batch.messages.length);
      taken = Promise.withResolvers();
      if (batch.offsetLag() === '0') consumer.seek({ topic, partition: batch.partition, offset: '0' });
      // Whoever counts takes its turn before the next batch comes.
      await Promise.resolve();
    },
  });
  return { step: () => taken.promise, atOnce: 1 };
};

async function openTopic(brokers: string) {
  const topic = `floor-${randomUUID()}`;
  const kafka = new Kafka({ clientId: 'floor', brokers: brokers.split(','), logLevel: logLevel.ERROR });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: partitions }] });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const send = async (): Promise<number> => {
    const messages = Array.from({ length: batchSize }, () => ({ key: randomUUID(), value }));
    await producer.send({ topic, messages });
    return batchSize;
  };
  return { kafka, topic, send };
}
