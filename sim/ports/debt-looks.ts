/**
 * What one process has learnt of the debt of the first topic: the ends that it saw, and the newest of them that a group was shown to have passed afterwards.
 * The relay goes by that one when it sends again; later looks of the same round only tell whether the log was wiped.
 */
import type { Offsets } from '../../src/platform/event-log/event-log.ts';

export class DebtLooks {
  /** Counts what makes earlier answers meaningless. */
  readonly memory: number;
  #looks: Offsets[] = [];
  #passed: Offsets | undefined;
  #used = false;

  constructor(memory: number) {
    this.memory = memory;
  }

  /** Where nothing is shown to be passed, the last look is what the process goes by. */
  get basis(): Offsets {
    return this.#passed ?? this.#looks.at(-1) ?? new Map();
  }

  /** Something was sent again: what comes after it takes a look of its own. */
  use(): void {
    this.#used = true;
  }

  sawEnds(ends: Offsets): void {
    if (this.#used) {
      this.#looks = [];
      this.#passed = undefined;
      this.#used = false;
    }
    this.#looks.push(ends);
  }

  sawCommitted(committed: Offsets): void {
    const passed = this.#looks.findLast((ends) =>
      [...ends].every(([index, end]) => end === 0n || end <= (committed.get(index) ?? 0n)),
    );
    if (passed === undefined) return;
    this.#passed = passed;
    this.#looks = this.#looks.slice(this.#looks.indexOf(passed));
  }
}
