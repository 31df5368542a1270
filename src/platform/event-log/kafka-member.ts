/** One membership in a consumer group, from joining to leaving: hands over batches, commits what was handled soon after, and ends with a reason; it never comes back. */
import { bounded } from './bounded.ts';
import { kafkaClient } from './kafka-client.ts';
import { KafkaCommits } from './kafka-commits.ts';
import { readFetchesFast } from './kafka-fetch.ts';
import { hold } from './kafka-hold.ts';
import { FreshOffsets } from './fresh-offsets.ts';
import { logRecords } from './kafka-record.ts';
import type { Consumer, ConsumerGroupJoinEvent, EachBatchPayload } from 'kafkajs';
import type { ConsumeOptions } from './event-log.ts';
import type { KafkaSettings } from './kafka-options.ts';
import type { PartitionLane } from './partition-lane.ts';

export type MemberOptions = ConsumeOptions & {
  readonly settings: KafkaSettings;
  readonly partitions: number;
  readonly lane: PartitionLane;
  /** True where remembered offsets belong to a log that was wiped: read from the first record. */
  readonly rewind: () => boolean;
};

export class KafkaMember {
  readonly #options: MemberOptions;
  readonly #consumer: Consumer;
  readonly #commits: KafkaCommits;
  readonly #ended = Promise.withResolvers<string>();
  readonly #fresh = new FreshOffsets();
  #joining: Promise<void> = Promise.resolve();
  /** Counts assignments: a batch of an earlier one is not committed. */
  #generation = 0;
  #assigned: readonly number[] = [];
  #inHand = 0;
  #leaving = false;
  #crashed = false;
  readonly #givingUp = new AbortController();

  constructor(options: MemberOptions) {
    this.#options = options;
    const { settings, group } = options;
    this.#commits = new KafkaCommits({
      clock: settings.clock,
      everyMs: settings.commitEveryMs,
      onError: (error) => settings.log('debug', { group, error }, 'a commit failed'),
    });
    this.#consumer = readFetchesFast(kafkaClient(settings)).consumer({
      groupId: group,
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: settings.rebalanceTimeoutMs,
      heartbeatInterval: settings.sessionTimeoutMs / 6,
      maxWaitTimeInMs: settings.fetchWaitMs,
      maxBytesPerPartition: settings.fetchPartitionBytes,
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      // A crash is final: one place builds consumers anew, and that is not here.
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
    });
    this.#consumer.on('consumer.crash', ({ payload }) => {
      this.#crashed = true;
      this.end(`the consumer crashed: ${payload.error.message}`);
    });
    // Told before kafkajs joins again: until then the group takes commits under the old place.
    this.#consumer.on('consumer.rebalancing', () => void this.#commits.flush());
    this.#consumer.on('consumer.group_join', (event) => this.#onJoin(event));
  }

  /** Why the membership is over. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  get assigned(): readonly number[] {
    return this.#assigned;
  }

  get inHand(): boolean {
    return this.#inHand > 0;
  }

  /** Resolves when the group was joined; rejects when that takes too long. */
  async join(): Promise<void> {
    const { settings, group } = this.#options;
    this.#joining = this.#run();
    this.#joining.catch(() => undefined);
    await bounded(
      { clock: settings.clock, limitMs: settings.joinLimitMs, what: `joining ${group}` },
      () => this.#joining,
    );
  }

  end(reason: string): void {
    this.#ended.resolve(reason);
  }

  /** Finishes and commits what is in hand, and leaves the group; a handler that takes too long is left behind, and its batch to the next member. */
  async leave(): Promise<void> {
    const { settings, group } = this.#options;
    const { clock, leaveLimitMs, log } = settings;
    const over = new AbortController();
    void clock.sleep(0.8 * leaveLimitMs, over.signal).then(() => this.#givingUp.abort());
    try {
      await bounded({ clock, limitMs: leaveLimitMs, what: `leaving ${group}` }, () => this.#depart());
    } catch (error) {
      log('warn', { group, error }, 'the consumer was left behind without an orderly end');
    } finally {
      over.abort();
      this.#commits.close();
    }
  }

  /** A consumer that is stopped while it joins would run on unseen, so the joining is waited for first. */
  async #depart(): Promise<void> {
    await this.#joining.catch(() => undefined);
    this.#leaving = true;
    await this.#commitLast();
    await this.#consumer.disconnect();
  }

  /** What is in hand commits itself when it is handled. After a crash kafkajs has left the group already, and would connect again for this. */
  async #commitLast(): Promise<void> {
    if (this.#crashed) return;
    const { settings, group } = this.#options;
    const { clock, leaveLimitMs, log } = settings;
    try {
      await bounded({ clock, limitMs: leaveLimitMs / 4, what: 'the last commit' }, () => this.#commits.flush());
    } catch (error) {
      log('debug', { group, error }, 'the last commit was left behind');
    }
  }

  async #run(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [this.#options.topic], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.#options.partitions,
      eachBatch: (payload) => this.#take(payload),
    });
  }

  #onJoin({ payload }: ConsumerGroupJoinEvent): void {
    const { topic, settings, rewind } = this.#options;
    this.#generation += 1;
    this.#fresh.renew();
    this.#commits.renew();
    this.#assigned = payload.memberAssignment[topic] ?? [];
    settings.log('info', { topic, group: payload.groupId, partitions: this.#assigned }, 'joined the consumer group');
    if (rewind()) for (const partition of this.#assigned) this.#consumer.seek({ topic, partition, offset: '0' });
  }

  async #take(payload: EachBatchPayload): Promise<void> {
    if (this.#leaving || this.#givingUp.signal.aborted) return;
    if (this.#commits.lost !== undefined) throw this.#commits.lost.error;
    this.#inHand += 1;
    try {
      await this.#handle(payload);
    } finally {
      this.#inHand -= 1;
    }
  }

  async #handle(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { settings, lane, handle } = this.#options;
    const generation = this.#generation;
    const records = logRecords(batch, this.#fresh.from(batch));
    const held = await hold({
      clock: settings.clock,
      sessionTimeoutMs: settings.sessionTimeoutMs,
      heartbeat: () => payload.heartbeat(),
      effect: () => lane.after(batch.partition, async () => (records.length > 0 ? handle(records) : undefined)),
      giveUp: this.#givingUp.signal,
    });
    if (this.#givingUp.signal.aborted) return;
    if (held.type === 'abandoned') throw held.error;
    if (held.type === 'rejected') {
      this.#fresh.handedOut(batch);
      return this.#postpone(payload, records[0]?.offset, held.error);
    }
    if (generation !== this.#generation) return;
    if (this.#commits.lost !== undefined) throw this.#commits.lost.error;
    payload.resolveOffset(batch.lastOffset());
    this.#commits.resolved(payload);
    if (this.#leaving) await this.#commits.flush();
  }

  /** Returns without resolving anything, so that the same records are fetched again; the pause spares the other partitions the wait. */
  #postpone(payload: EachBatchPayload, offset: bigint | undefined, error: unknown): void {
    const { settings, signal } = this.#options;
    const { topic, partition } = payload.batch;
    settings.log('warn', { topic, partition, offset, error }, 'a batch was rejected and will be delivered again');
    const resume = payload.pause();
    void settings.clock.sleep(settings.redeliverAfterMs, signal).then(resume);
  }
}
