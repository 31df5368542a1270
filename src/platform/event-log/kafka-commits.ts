/**
 * Commits what was resolved soon after it was, off the handlers' path: at once where the last commit is long enough ago, else when that is so, and one request at a time.
 * A commit that fails is tried again, unless the group has gone on without this member: then `lost` says so, and nothing else is to be handled under that place.
 */
import { isLostPlace, isRebalance } from './kafka-failure.ts';
import type { EachBatchPayload } from 'kafkajs';
import type { Clock } from '../clock.ts';

export type Committer = Pick<EachBatchPayload, 'commitOffsetsIfNecessary' | 'uncommittedOffsets'>;

export type KafkaCommitsOptions = {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
};

export class KafkaCommits {
  readonly #options: KafkaCommitsOptions;
  readonly #closing = new AbortController();
  #pending: Committer | undefined;
  #waiting = false;
  #running: Promise<void> | undefined;
  #startedAt = Number.NEGATIVE_INFINITY;
  #places = 0;
  #lost: { readonly error: unknown } | undefined;

  constructor(options: KafkaCommitsOptions) {
    this.#options = options;
  }

  /** The group's answer that took this member's place away. */
  get lost(): { readonly error: unknown } | undefined {
    return this.#lost;
  }

  /** Something was resolved at this committer, under the place that the member has now. */
  resolved(committer: Committer): void {
    this.#pending = committer;
    if (!this.#waiting) void this.#commitWhenDue();
  }

  /** The member has another place: kafkajs has dropped what was resolved under the one before. */
  renew(): void {
    this.#places += 1;
    this.#pending = undefined;
    this.#lost = undefined;
  }

  /** Resolves when all that was resolved before this call is committed, or could not be; never rejects. */
  async flush(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    if (this.#pending === undefined) return;
    const running = this.#commit(this.#pending);
    this.#running = running;
    await running;
    this.#running = undefined;
  }

  /** Nothing is committed any more, except by `flush`. */
  close(): void {
    this.#closing.abort();
  }

  async #commitWhenDue(): Promise<void> {
    const { clock, everyMs } = this.#options;
    const { signal } = this.#closing;
    this.#waiting = true;
    while (this.#pending !== undefined && !signal.aborted) {
      const waitMs = this.#startedAt + everyMs - clock.elapsed();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
      else await this.flush();
    }
    this.#waiting = false;
  }

  async #commit(committer: Committer): Promise<void> {
    const place = this.#places;
    this.#pending = undefined;
    this.#startedAt = this.#options.clock.elapsed();
    try {
      // With offsets named, kafkajs commits them whatever its own auto-commit thinks, under the generation in which they were resolved.
      await committer.commitOffsetsIfNecessary(committer.uncommittedOffsets());
    } catch (error) {
      this.#options.onError(error);
      if (place === this.#places) this.#failed(committer, error);
    }
  }

  #failed(committer: Committer, error: unknown): void {
    if (isLostPlace(error) || isRebalance(error)) this.#lost ??= { error };
    else this.#pending ??= committer;
  }
}
