/** One member's turn at one partition: handles batch after batch in order, commits each after it was handled, and hands over between two batches. */
import type { Clock } from '../clock.ts';
import type { EmbeddedPartition } from './embedded-partition.ts';
import type { LogRecord } from './event-log.ts';
import type { LogLine } from './log-line.ts';

export type TurnOptions = {
  readonly clock: Clock;
  readonly log: LogLine;
  readonly partition: EmbeddedPartition;
  readonly handle: (records: readonly LogRecord[]) => Promise<void>;
  readonly committed: () => number | undefined;
  readonly commit: (next: number) => void;
  readonly batchMax: number;
  readonly redeliverAfterMs: number;
  readonly stopLimitMs: number;
};

type Outcome = 'handled' | 'rejected' | 'given up';

export class EmbeddedTurn {
  readonly #options: TurnOptions;
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  #giveUp: (() => void) | undefined;

  constructor(options: TurnOptions) {
    this.#options = options;
    this.#done = this.#work();
  }

  /** Resolves when the batch in hand is committed; a handler that outlives the limit is left behind, and its batch stays uncommitted. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const over = new AbortController();
    void this.#options.clock.sleep(this.#options.stopLimitMs, over.signal).then(() => this.#giveUp?.());
    await this.#done;
    over.abort();
  }

  async #work(): Promise<void> {
    const { clock, partition, batchMax, committed, commit, redeliverAfterMs } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const from = Math.max(committed() ?? 0, partition.begin);
      const records = partition.read(from, batchMax);
      if (records.length === 0) {
        await partition.arrival(from, signal);
        continue;
      }
      const outcome = await this.#handle(records);
      if (outcome === 'given up') return;
      if (outcome === 'handled') commit(from + records.length);
      else await clock.sleep(redeliverAfterMs, signal);
    }
  }

  /** Not a race against one long promise: that promise would remember every batch that ever ran against it. */
  #handle(records: readonly LogRecord[]): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#giveUp = () => resolve('given up');
    const handling = async (): Promise<void> => this.#options.handle(records);
    handling().then(
      () => resolve('handled'),
      (error: unknown) => {
        const [first] = records;
        const fields = {
          topic: first?.topic,
          partition: first?.partition,
          offset: first?.offset,
          records: records.length,
          error,
        };
        this.#options.log('warn', fields, 'a batch was rejected and will be delivered again');
        resolve('rejected');
      },
    );
    return promise;
  }
}
