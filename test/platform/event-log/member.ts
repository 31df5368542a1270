/** A member of a consumer group that keeps what it was handed, so that tests can wait for it. */
import type { EventLog, LogRecord } from '../../../src/platform/event-log/event-log.ts';

export type MemberOptions = {
  readonly topic: string;
  readonly group: string;
  /** Runs before the batch counts as received. */
  readonly handle?: (records: readonly LogRecord[]) => Promise<void>;
};

export class Member {
  /** What was handled without a rejection, in the order of handling. */
  readonly received: LogRecord[] = [];
  readonly #leaving = new AbortController();
  readonly #consuming: Promise<void>;
  #resolved = false;

  constructor(log: EventLog, { topic, group, handle }: MemberOptions) {
    this.#consuming = log.consume({
      topic,
      group,
      signal: this.#leaving.signal,
      handle: async (records) => {
        await handle?.(records);
        this.received.push(...records);
      },
    });
    this.#consuming.then(
      () => (this.#resolved = true),
      () => (this.#resolved = true),
    );
  }

  get values(): readonly (string | undefined)[] {
    return this.received.map(({ value }) => value?.toString());
  }

  /** True when `consume` has come back. */
  get left(): boolean {
    return this.#resolved;
  }

  leave(): Promise<void> {
    this.#leaving.abort();
    return this.#consuming;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }
}
