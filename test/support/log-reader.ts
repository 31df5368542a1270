/** Reads and writes topics as any other system does: with a plain Kafka client that knows nothing of Verdict. */
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { IHeaders, Message } from 'kafkajs';
import { within } from './within.ts';

export type TopicRecord = {
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: ReadonlyMap<string, string>;
};

/** Everything that comes onto a topic, from its first record until it is disposed of; it lives through a wipe of the log. */
export class TopicReader implements AsyncDisposable {
  readonly records: TopicRecord[] = [];
  readonly #kafka: Kafka;
  readonly #topic: string;
  #consumer: ReturnType<Kafka['consumer']>;

  private constructor(brokers: string, topic: string) {
    this.#kafka = client(brokers);
    this.#topic = topic;
    this.#consumer = this.#newConsumer();
  }

  static async open(brokers: string, topic: string): Promise<TopicReader> {
    const reader = new TopicReader(brokers, topic);
    await reader.#run();
    return reader;
  }

  /** From the first record again, as a new member of a new group. */
  async startOver(): Promise<void> {
    await this.#consumer.disconnect();
    this.#consumer = this.#newConsumer();
    await this.#run();
  }

  async until(count: number, limitMs: number): Promise<readonly TopicRecord[]> {
    await within(limitMs, `${count} records on ${this.#topic}`, () => this.records.length >= count);
    return this.records;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#consumer.disconnect();
  }

  #newConsumer(): ReturnType<Kafka['consumer']> {
    return this.#kafka.consumer({ groupId: `reader-${crypto.randomUUID()}`, maxWaitTimeInMs: 100 });
  }

  async #run(): Promise<void> {
    await this.#consumer.connect();
    // After a wipe the topic comes back when somebody misses it: a relay looks for its own a few times a second.
    await within(20_000, `the topic ${this.#topic}`, async () => {
      await this.#consumer.subscribe({ topic: this.#topic, fromBeginning: true });
      return true;
    });
    await this.#consumer.run({
      eachMessage: async ({ partition, message: { offset, key, value, headers } }) => {
        this.records.push({ partition, offset, key, value, headers: textHeaders(headers) });
      },
    });
  }
}

export async function produce(brokers: string, topic: string, messages: readonly Message[]): Promise<void> {
  const producer = client(brokers).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    await producer.send({ topic, messages: [...messages] });
  } finally {
    await producer.disconnect();
  }
}

function client(brokers: string): Kafka {
  return new Kafka({ brokers: brokers.split(','), clientId: 'somebody-else', logLevel: logLevel.NOTHING });
}

function textHeaders(headers: IHeaders = {}): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(headers).map(([name, value]) => [name, String(Array.isArray(value) ? value.at(-1) : value)]),
  );
}
