/**
 * Remembers what was handled: at once for this pipeline, and a moment later, many ids at a time, for all that share the key store. Nobody waits for it, since a mark that is
 * lost costs a repeat and never a loss. At 300 records a second waiting for each mark made a sixth of the time that a partition's next record waited.
 */
import { Subject } from 'rxjs';

import { batchWhileBusy } from '../../platform/batching/batch-while-busy.ts';
import type { BatchOptions } from '../../platform/batching/batch-while-busy.ts';
import { Failure } from '../../platform/failure.ts';
import type { KeyStore } from '../../platform/key-store/key-store.ts';

export type MarksOptions = {
  readonly keys: Pick<KeyStore, 'mark'>;
  /** Marks of different pipelines do not know each other. */
  readonly set: string;
  readonly batching: BatchOptions;
  /** Ids on their way to the key store; what goes past it is not marked. */
  readonly waitingMax: number;
  readonly onKeysMissing?: ((error: unknown) => void) | undefined;
};

export class Marks {
  readonly #options: MarksOptions;
  readonly #onTheWay = new Set<string>();
  readonly #inbox = new Subject<string>();

  constructor(options: MarksOptions) {
    this.#options = options;
    this.#inbox.pipe(batchWhileBusy({ ...options.batching, paceFrom: 1 }, (ids) => this.#write(ids))).subscribe();
  }

  /** Whether it was handled here and is not in the key store yet. */
  has(id: string): boolean {
    return this.#onTheWay.has(id);
  }

  add(ids: readonly string[]): void {
    const { waitingMax, onKeysMissing } = this.#options;
    for (const id of ids) {
      if (this.#onTheWay.size >= waitingMax) {
        onKeysMissing?.(new Failure('overloaded', `${waitingMax} marks are on their way already`));
        return;
      }
      this.#onTheWay.add(id);
      this.#inbox.next(id);
    }
  }

  async #write(ids: readonly string[]): Promise<void> {
    const { keys, set, onKeysMissing } = this.#options;
    try {
      await keys.mark(set, ids);
    } catch (error) {
      onKeysMissing?.(error);
    } finally {
      for (const id of ids) this.#onTheWay.delete(id);
    }
  }
}
