/** The textbook's anti-fraud service: consumes one record, compares one number, produces one record. */
import { Kafka, Partitioners, logLevel } from 'kafkajs';

import { judge } from '../face/order.ts';
import { textbookSettings } from './settings.ts';

const { brokers, topics, concurrency } = textbookSettings();
const kafka = new Kafka({ clientId: 'textbook-anti-fraud', brokers, logLevel: logLevel.ERROR });
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
await producer.connect();
const consumer = kafka.consumer({ groupId: `${topics.created}-anti-fraud` });
await consumer.connect();
await consumer.subscribe({ topics: [topics.created], fromBeginning: true });
const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
await consumer.run({
  partitionsConsumedConcurrently: concurrency,
  eachMessage: async ({ message }) => {
    const { id, value }: { id: string; value: number } = JSON.parse(String(message.value));
    const record = { key: id, value: JSON.stringify({ id, status: judge(value) }) };
    await producer.send({ topic: topics.decided, messages: [record] });
  },
});
await joined;
process.on('disconnect', () => process.exit());
process.send?.({ port: 0 });
