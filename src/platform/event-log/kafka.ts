/** The event log on Apache Kafka: opening never waits for a broker, every call ends within its limit, and consumers come back by themselves. */
import { Failure } from '../failure.ts';
import { KafkaAdmin } from './kafka-admin.ts';
import { inspectKafkajs } from './kafka-cluster.ts';
import { KafkaConsumer } from './kafka-consumer.ts';
import { kafkaSettings } from './kafka-options.ts';
import { KafkaProducer } from './kafka-producer.ts';
import { readKafka } from './kafka-read.ts';
import type { ConsumeOptions, EventLog, LogPage, NewRecord, Offsets, ReadOptions, TopicSpec } from './event-log.ts';
import type { KafkaLogOptions, KafkaSettings } from './kafka-options.ts';

export async function openKafkaLog(options: KafkaLogOptions): Promise<EventLog> {
  return new KafkaEventLog(options);
}

class KafkaEventLog implements EventLog {
  readonly #settings: KafkaSettings;
  readonly #admin: KafkaAdmin;
  readonly #producer: KafkaProducer;
  readonly #closing = new AbortController();
  readonly #consuming = new Set<Promise<void>>();

  constructor(options: KafkaLogOptions) {
    this.#settings = kafkaSettings(options);
    inspectKafkajs(this.#settings);
    this.#admin = new KafkaAdmin(this.#settings);
    this.#producer = new KafkaProducer(this.#settings, this.#admin);
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    this.#refuseWhenClosed();
    await this.#admin.ensureTopics(topics);
  }

  async append(topic: string, records: readonly NewRecord[]): Promise<void> {
    await this.#producer.append(topic, records);
  }

  async consume(options: ConsumeOptions): Promise<void> {
    this.#refuseWhenClosed();
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    const consuming = new KafkaConsumer(this.#settings, this.#admin, { ...options, signal }).run();
    this.#consuming.add(consuming);
    await consuming.finally(() => this.#consuming.delete(consuming));
  }

  async read(options: ReadOptions): Promise<LogPage> {
    this.#refuseWhenClosed();
    return readKafka(this.#settings, this.#admin, options);
  }

  async ends(topic: string): Promise<Offsets> {
    this.#refuseWhenClosed();
    const ranges = await this.#admin.ranges(topic);
    return new Map([...ranges].map(([partition, { high }]) => [partition, high]));
  }

  async committed(group: string, topic: string): Promise<Offsets> {
    this.#refuseWhenClosed();
    const [committed, ranges] = await Promise.all([this.#admin.committed(group, topic), this.#admin.ranges(topic)]);
    return new Map(
      [...ranges].map(([partition, { low }]) => [partition, nextOf(committed.get(partition) ?? -1n, low)]),
    );
  }

  async ping(): Promise<void> {
    this.#refuseWhenClosed();
    await this.#admin.clusterId();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#consuming);
    await this.#producer[Symbol.asyncDispose]();
    await this.#admin[Symbol.asyncDispose]();
  }

  #refuseWhenClosed(): void {
    if (this.#closing.signal.aborted) throw new Failure('stopped', 'the event log is closed');
  }
}

/** What retention has cut off is not read any more: a group that waits for it would be said to lag for ever. */
function nextOf(committed: bigint, low: bigint): bigint {
  return low > 0n && low > committed ? low : committed;
}
