/**
 * Finds the actor of a transaction by its id, spawning it at its first message. Never holds more than `directoryMax`: those that have been idle longest
 * leave memory, and where none is idle the message is refused. An actor with messages or waiters is never passivated.
 */
import { Failure } from '../platform/failure.ts';
import type { TransactionId } from '../transaction/ids.ts';
import type { MessageType, ReplyOf, TransactionMessage } from './messages.ts';
import type { ActorSurroundings } from './transaction-actor.ts';
import { TransactionActor } from './transaction-actor.ts';

export type DirectoryOptions = ActorSurroundings & {
  readonly directoryMax: number;
  /** After this long without a message an actor is passivated; checked twice in that time. */
  readonly idleMs: number;
};

export class Directory {
  readonly #options: DirectoryOptions;
  readonly #actors = new Map<TransactionId, TransactionActor>();
  /** Since when each idle actor has been; the longest idle comes first, because an actor that wakes is taken out. */
  readonly #idleSince = new Map<TransactionId, number>();
  readonly #stopping = new AbortController();
  readonly #sweeping: Promise<void>;
  readonly #drained = Promise.withResolvers<void>();
  #unanswered = 0;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#sweeping = this.#sweep();
  }

  /** Actors in memory. */
  get size(): number {
    return this.#actors.size;
  }

  async ask<Type extends MessageType>(id: TransactionId, message: TransactionMessage<Type>): Promise<ReplyOf<Type>> {
    if (this.#stopping.signal.aborted) throw new Failure('stopped', 'the directory is closed');
    const actor = this.#actors.get(id) ?? this.#spawn(id);
    this.#idleSince.delete(id);
    this.#unanswered += 1;
    try {
      return await actor.ask(message);
    } finally {
      this.#unanswered -= 1;
      this.#answered(id, actor);
    }
  }

  /** Posts without waiting for the reply; what fails goes to `onFault`. With `ifPresent` an actor that is not in memory is not spawned for it. */
  tell(id: TransactionId, message: TransactionMessage, { ifPresent = false } = {}): void {
    if (ifPresent && !this.#actors.has(id)) return;
    this.ask(id, message).catch((error: unknown) => this.#options.onFault(error, 'reset'));
  }

  /** Refuses what comes, ends all waits, and resolves when everything asked before is answered. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    for (const actor of this.#actors.values()) actor.dismissWaiters();
    if (this.#unanswered > 0) await this.#drained.promise;
    await this.#sweeping;
  }

  #spawn(id: TransactionId): TransactionActor {
    if (this.#actors.size >= this.#options.directoryMax) this.#makeRoom();
    const actor = new TransactionActor(id, this.#options);
    this.#actors.set(id, actor);
    return actor;
  }

  /** For many at a time: the first key of a map from whose front much was deleted is found by stepping over all of that, 18 instead of 11 µs of CPU for each opening through a full directory. */
  #makeRoom(): void {
    if (this.#idleSince.size === 0) {
      throw new Failure('overloaded', `all ${this.#actors.size} actors of the directory are busy`);
    }
    let room = Math.ceil(this.#options.directoryMax / 16);
    for (const id of this.#idleSince.keys()) {
      if (room === 0) break;
      this.#forget(id);
      room -= 1;
    }
  }

  #answered(id: TransactionId, actor: TransactionActor): void {
    if (this.#actors.get(id) === actor) {
      if (actor.stopped) this.#forget(id);
      else if (actor.idle) this.#idleSince.set(id, this.#options.clock.elapsed());
    }
    if (this.#unanswered === 0 && this.#stopping.signal.aborted) this.#drained.resolve();
  }

  #forget(id: TransactionId): void {
    this.#actors.delete(id);
    this.#idleSince.delete(id);
  }

  async #sweep(): Promise<void> {
    const { clock, idleMs } = this.#options;
    while (!this.#stopping.signal.aborted) {
      await clock.sleep(idleMs / 2, this.#stopping.signal);
      const before = clock.elapsed() - idleMs;
      for (const [id, since] of this.#idleSince) {
        if (since > before) break;
        this.#forget(id);
      }
    }
  }
}
