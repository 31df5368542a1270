/** One partition kept in memory: an offset, once given, belongs to its record for ever, and only what it is told to forget is dropped. */
import type { LogRecord } from './event-log.ts';

export class EmbeddedPartition {
  readonly #records: LogRecord[] = [];
  readonly #sleepers = new Set<() => void>();
  #begin = 0;

  /** The oldest offset that can still be read. */
  get begin(): number {
    return this.#begin;
  }

  /** The offset that the next record gets. */
  get end(): number {
    return this.#begin + this.#records.length;
  }

  append(record: LogRecord): void {
    this.#records.push(record);
  }

  /** Tells those who wait for an arrival; apart from `append`, so that one call's records arrive as one batch. */
  announce(): void {
    for (const wake of this.#sleepers) wake();
  }

  read(from: number, max: number): readonly LogRecord[] {
    const start = Math.max(0, from - this.#begin);
    return this.#records.slice(start, start + max);
  }

  /** Resolves when there is a record at `offset` or behind it, or when the signal aborts. */
  arrival(offset: number, signal: AbortSignal): Promise<void> {
    if (this.end > offset || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#sleepers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  /** Forgets what lies below `consumed`, except the `keptMax` records next to it. Moves memory once per quarter of that bound, not at every record. */
  forget(consumed: number, keptMax: number): void {
    const surplus = Math.min(consumed, this.end) - keptMax - this.#begin;
    if (surplus <= keptMax / 4) return;
    this.#records.splice(0, surplus);
    this.#begin += surplus;
  }
}
