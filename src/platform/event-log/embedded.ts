/** The event log inside one process: the promises of the port for as long as the process lives; its end is what losing the whole log is elsewhere. */
import { Failure } from '../failure.ts';
import { EmbeddedTopic } from './embedded-topic.ts';
import type { Clock } from '../clock.ts';
import type { ConsumeOptions, EventLog, LogPage, NewRecord, Offsets, ReadOptions, TopicSpec } from './event-log.ts';
import type { LogLine } from './log-line.ts';

export type EmbeddedLogOptions = {
  readonly clock: Clock;
  readonly log?: LogLine;
  /** Records of one topic, shared by its partitions, kept behind the slowest group (behind the end, where no group reads): enough for a late group to look back, some 25 MB. */
  readonly keptMax?: number;
  /** Unread records of one partition; past it `append` refuses with `overloaded`, because memory is the only place they have. */
  readonly unreadMax?: number;
  /** Records handed over at once: one statement's worth. */
  readonly batchMax?: number;
  /** Milliseconds from a rejected batch to its next delivery. */
  readonly redeliverAfterMs?: number;
  /** Milliseconds that a handler may take to finish once its member leaves or its partition moves on. */
  readonly stopLimitMs?: number;
};

const defaults = { keptMax: 10_000, unreadMax: 100_000, batchMax: 500, redeliverAfterMs: 100, stopLimitMs: 8_000 };

export function openEmbeddedLog(options: EmbeddedLogOptions): EmbeddedEventLog {
  return new EmbeddedEventLog(options);
}

export class EmbeddedEventLog implements EventLog {
  readonly #options: Required<EmbeddedLogOptions>;
  readonly #topics = new Map<string, EmbeddedTopic>();
  readonly #closing = new AbortController();
  readonly #consuming = new Set<Promise<void>>();

  constructor(options: EmbeddedLogOptions) {
    this.#options = { log: () => undefined, ...defaults, ...options };
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    this.#refuseWhenClosed();
    for (const { name, partitions } of topics) {
      if (!this.#topics.has(name))
        this.#topics.set(name, new EmbeddedTopic({ ...this.#options, name, partitionCount: partitions }));
    }
  }

  async append(topic: string, records: readonly NewRecord[]): Promise<void> {
    this.#topic(topic).append(records);
  }

  async consume({ topic, group, handle, signal }: ConsumeOptions): Promise<void> {
    const member = { handle, signal: AbortSignal.any([signal, this.#closing.signal]) };
    const consuming = this.#topic(topic).group(group).join(member);
    this.#consuming.add(consuming);
    await consuming.finally(() => this.#consuming.delete(consuming));
  }

  async read(options: ReadOptions): Promise<LogPage> {
    return this.#topic(options.topic).read(options);
  }

  async ends(topic: string): Promise<Offsets> {
    return this.#topic(topic).ends();
  }

  async committed(group: string, topic: string): Promise<Offsets> {
    return this.#topic(topic).committed(group);
  }

  async ping(): Promise<void> {
    this.#refuseWhenClosed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#consuming);
  }

  #topic(name: string): EmbeddedTopic {
    this.#refuseWhenClosed();
    const topic = this.#topics.get(name);
    if (topic === undefined) throw new Failure('event_log_unavailable', `the event log has no topic ${name}`);
    return topic;
  }

  #refuseWhenClosed(): void {
    if (this.#closing.signal.aborted) throw new Failure('stopped', 'the event log is closed');
  }
}
