/** Consumes until the signal aborts: memberships follow one another through crashes, stalls and wipes of the log, each with a limit on everything it waits for. */
import { KafkaMember } from './kafka-member.ts';
import { KafkaStall } from './kafka-stall.ts';
import { KafkaWipes } from './kafka-wipes.ts';
import { PartitionLane } from './partition-lane.ts';
import type { ConsumeOptions } from './event-log.ts';
import type { KafkaAdmin } from './kafka-admin.ts';
import type { KafkaSettings } from './kafka-options.ts';

/** After a wipe every assignment starts from the first record for so long: members notice it one after another, and pass partitions around meanwhile. */
const rewindMs = 30_000;

export class KafkaConsumer {
  readonly #settings: KafkaSettings;
  readonly #admin: KafkaAdmin;
  readonly #options: ConsumeOptions;
  readonly #lane = new PartitionLane();
  readonly #wipes = new KafkaWipes();
  #rewindUntil = Number.NEGATIVE_INFINITY;

  constructor(settings: KafkaSettings, admin: KafkaAdmin, options: ConsumeOptions) {
    this.#settings = settings;
    this.#admin = admin;
    this.#options = options;
  }

  async run(): Promise<void> {
    const { clock, entropy, log, onConsumerRestart, rebuildAfterMs } = this.#settings;
    const { topic, group, signal } = this.#options;
    const [firstMs, lastMs] = rebuildAfterMs;
    let pauseMs = firstMs;
    while (!signal.aborted) {
      const startedAt = clock.elapsed();
      try {
        const reason = await this.#membership();
        if (signal.aborted) return;
        log('warn', { topic, group, reason }, 'the consumer is built anew');
      } catch (error) {
        log('warn', { topic, group, error }, 'the consumer could not be built');
      }
      onConsumerRestart(group);
      if (clock.elapsed() - startedAt > this.#settings.stallMs) pauseMs = firstMs;
      await clock.sleep(pauseMs * (0.5 + entropy.fraction()), signal);
      pauseMs = Math.min(2 * pauseMs, lastMs);
    }
  }

  async #membership(): Promise<string> {
    const { topic, signal } = this.#options;
    const ranges = await this.#look();
    if (signal.aborted) return 'aborted';
    const member = new KafkaMember({
      ...this.#options,
      settings: this.#settings,
      partitions: ranges.size,
      lane: this.#lane,
      rewind: () => this.#settings.clock.elapsed() < this.#rewindUntil,
    });
    const over = new AbortController();
    const onAbort = (): void => member.end('aborted');
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([member.join(), member.ended]);
      void this.#watch(member, over.signal);
      return await member.ended;
    } finally {
      signal.removeEventListener('abort', onAbort);
      over.abort();
      await member.leave();
      this.#settings.log('debug', { topic, group: this.#options.group }, 'left the consumer group');
    }
  }

  /** A look creates the topic again where it is gone. */
  async #look(): Promise<Awaited<ReturnType<KafkaAdmin['ranges']>>> {
    const { clock, log } = this.#settings;
    const clusterId = await this.#admin.clusterId();
    const ranges = await this.#admin.ranges(this.#options.topic);
    if (this.#wipes.look({ clusterId, ranges })) {
      log('warn', { topic: this.#options.topic, clusterId }, 'the log was wiped and is read from its beginning');
      this.#rewindUntil = clock.elapsed() + rewindMs;
    }
    return ranges;
  }

  async #watch(member: KafkaMember, signal: AbortSignal): Promise<void> {
    const { clock, log, stallMs, watchEveryMs } = this.#settings;
    const { group, topic } = this.#options;
    const stall = new KafkaStall(stallMs);
    for (;;) {
      await clock.sleep(watchEveryMs, signal);
      if (signal.aborted) return;
      try {
        const before = this.#rewindUntil;
        const ranges = await this.#look();
        if (this.#rewindUntil !== before) return member.end('the log was wiped');
        const committed = await this.#admin.committed(group, topic);
        const { assigned, inHand } = member;
        const still = stall.look({ atMs: clock.elapsed(), assigned, ranges, committed, inHand });
        if (still !== undefined) return member.end(`partition ${still} made no progress`);
      } catch (error) {
        log('debug', { topic, group, error }, 'the progress of the consumer could not be seen');
      }
    }
  }
}
