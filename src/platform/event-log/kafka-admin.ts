/** Asks the cluster and creates topics: every question has a time limit, an error brings a new connection, and topics that were ensured come back after a wipe. */
import { bounded } from './bounded.ts';
import { kafkaClient } from './kafka-client.ts';
import { asFailure, isMissingTopic, isUnsettled } from './kafka-failure.ts';
import type { Admin } from 'kafkajs';
import type { KafkaSettings } from './kafka-options.ts';
import type { Offsets, TopicSpec } from './event-log.ts';

/** The offsets that can be read: from `low`, up to and without `high`. */
export type Range = { readonly low: bigint; readonly high: bigint };

/** Between two looks at something that is about to settle. */
const pauseMs = 100;

export class KafkaAdmin {
  readonly #settings: KafkaSettings;
  readonly #specs = new Map<string, TopicSpec>();
  #connecting: Promise<Admin> | undefined;

  constructor(settings: KafkaSettings) {
    this.#settings = settings;
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    for (const spec of topics) this.#specs.set(spec.name, spec);
    // An admin client that was asked about a topic before refuses to create others once that one is gone: a new connection knows none.
    const again = (error: unknown): boolean => isUnsettled(error) || isMissingTopic(error);
    await this.#ask('creating topics', (admin) => this.#create(admin, topics), again);
  }

  /** Creates again those of the topics that were ensured once and are gone, as after a wipe. */
  async restore(topics: readonly string[]): Promise<void> {
    const specs = topics.flatMap((name) => this.#specs.get(name) ?? []);
    if (specs.length > 0) await this.ensureTopics(specs);
  }

  async ranges(topic: string): Promise<ReadonlyMap<number, Range>> {
    const offsets = await this.#askAbout(topic, (admin) => admin.fetchTopicOffsets(topic));
    return new Map(
      offsets
        .toSorted((one, other) => one.partition - other.partition)
        .map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]),
    );
  }

  async committed(group: string, topic: string): Promise<Offsets> {
    const answers = await this.#askAbout(topic, (admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
    const partitions = answers.flatMap((answer) => answer.partitions);
    return new Map(
      partitions
        .toSorted((one, other) => one.partition - other.partition)
        // kafkajs commits -2, "the earliest", where an offset was out of range: nothing was read yet.
        .map(({ partition, offset }) => [partition, offset.startsWith('-') ? -1n : BigInt(offset)]),
    );
  }

  /** Another one after a wipe. */
  async clusterId(): Promise<string> {
    return this.#ask('asking for the cluster', async (admin) => (await admin.describeCluster()).clusterId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#discard(this.#connecting);
  }

  async #askAbout<T>(topic: string, question: (admin: Admin) => Promise<T>): Promise<T> {
    const what = `asking about ${topic}`;
    try {
      return await this.#ask(what, question);
    } catch (error) {
      if (!isMissingTopic(error) || !this.#specs.has(topic)) throw error;
      this.#settings.log('warn', { topic }, 'the topic is gone and is created again');
      await this.restore([topic]);
      return this.#ask(what, question);
    }
  }

  async #ask<T>(what: string, question: (admin: Admin) => Promise<T>, again = isUnsettled): Promise<T> {
    const { clock, askLimitMs } = this.#settings;
    const end = clock.elapsed() + askLimitMs;
    for (;;) {
      const connecting = (this.#connecting ??= this.#connect());
      try {
        return await bounded({ clock, limitMs: end - clock.elapsed(), what }, async () => question(await connecting));
      } catch (error) {
        void this.#discard(connecting);
        if (!again(error) || clock.elapsed() + pauseMs >= end) throw asFailure(what, error);
        await clock.sleep(pauseMs);
      }
    }
  }

  async #connect(): Promise<Admin> {
    const admin = kafkaClient(this.#settings).admin();
    await admin.connect();
    return admin;
  }

  async #discard(connecting: Promise<Admin> | undefined): Promise<void> {
    if (this.#connecting === connecting) this.#connecting = undefined;
    const { clock, requestTimeoutMs, log } = this.#settings;
    try {
      await bounded({ clock, limitMs: requestTimeoutMs, what: 'closing' }, async () =>
        (await connecting)?.disconnect(),
      );
    } catch (error) {
      log('debug', { error }, 'a connection of the admin client was dropped');
    }
  }

  async #create(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
    const there = new Set(await admin.listTopics());
    const missing = specs.filter(({ name }) => !there.has(name));
    if (missing.length === 0) return;
    const topics = missing.map(({ name, partitions, replication, retentionMs }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: replication,
      configEntries: [{ name: 'retention.ms', value: `${retentionMs}` }],
    }));
    await admin.createTopics({ topics, waitForLeaders: false, timeout: this.#settings.askLimitMs });
    await this.#untilLed(admin, missing);
  }

  /** A topic is there before its leaders lead, and a send that only some of them take is written twice: so ask each of them once. The question's limit ends this. */
  async #untilLed(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
    const { clock, askLimitMs } = this.#settings;
    const end = clock.elapsed() + askLimitMs;
    while (clock.elapsed() < end) {
      try {
        await Promise.all(specs.map(({ name }) => admin.fetchTopicOffsets(name)));
        return;
      } catch (error) {
        if (!isMissingTopic(error) && !isUnsettled(error)) throw error;
      }
      await clock.sleep(pauseMs);
    }
  }
}
