/** Commits what was resolved, one request at a time: batches that end meanwhile share the next one. */
import type { EachBatchPayload } from 'kafkajs';

export type Committer = Pick<EachBatchPayload, 'commitOffsetsIfNecessary' | 'uncommittedOffsets'>;

export class KafkaCommits {
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** Resolves when all that was resolved before this call is committed. */
  commit(committer: Committer): Promise<void> {
    if (this.#running === undefined) return this.#run(committer);
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#run(committer);
      });
    return this.#next;
  }

  #run(committer: Committer): Promise<void> {
    // With offsets named, kafkajs commits them whatever its own auto-commit thinks, under the generation it holds now.
    const running = committer.commitOffsetsIfNecessary(committer.uncommittedOffsets());
    this.#running = running.finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}
