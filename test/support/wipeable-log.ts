/** An event log that can lose everything it holds, like brokers whose disks were emptied: consumers stay, and read the new log from its beginning. It can be away, too. */
import type { Clock } from '../../src/platform/clock.ts';
import { EmbeddedEventLog } from '../../src/platform/event-log/embedded.ts';
import type {
  ConsumeOptions,
  EventLog,
  LogPage,
  NewRecord,
  Offsets,
  ReadOptions,
  TopicSpec,
} from '../../src/platform/event-log/event-log.ts';
import { Failure } from '../../src/platform/failure.ts';

export class WipeableLog implements EventLog {
  /** Every call but `consume`, by name and topic. */
  readonly calls: string[] = [];
  readonly #clock: Clock;
  readonly #topics: TopicSpec[] = [];
  #log: EmbeddedEventLog;
  #wiping = new AbortController();
  #away = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#log = new EmbeddedEventLog({ clock });
  }

  set away(away: boolean) {
    this.#away = away;
  }

  async wipe(): Promise<void> {
    const [old, wiping] = [this.#log, this.#wiping];
    this.#log = new EmbeddedEventLog({ clock: this.#clock });
    await this.#log.ensureTopics(this.#topics);
    this.#wiping = new AbortController();
    wiping.abort();
    await old[Symbol.asyncDispose]();
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    this.#topics.push(...topics);
    await this.#log.ensureTopics(topics);
  }

  async append(topic: string, records: readonly NewRecord[]): Promise<void> {
    this.#reach(`append ${topic}`);
    await this.#log.append(topic, records);
  }

  async consume(options: ConsumeOptions): Promise<void> {
    while (!options.signal.aborted) {
      const signal = AbortSignal.any([options.signal, this.#wiping.signal]);
      await this.#log.consume({ ...options, signal });
    }
  }

  async read(options: ReadOptions): Promise<LogPage> {
    this.#reach(`read ${options.topic}`);
    return this.#log.read(options);
  }

  async ends(topic: string): Promise<Offsets> {
    this.#reach(`ends ${topic}`);
    return this.#log.ends(topic);
  }

  async committed(group: string, topic: string): Promise<Offsets> {
    this.#reach(`committed ${topic}`);
    return this.#log.committed(group, topic);
  }

  async ping(): Promise<void> {
    this.#reach('ping');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log[Symbol.asyncDispose]();
  }

  #reach(call: string): void {
    this.calls.push(call);
    if (this.#away) throw new Failure('event_log_unavailable', 'the log is away');
  }
}
