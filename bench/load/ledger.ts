/** Which transactions of a phase were accepted and which were decided, whichever of the two is heard of first. */

export class Ledger {
  readonly #sentAt = new Map<string, number>();
  readonly #early = new Map<string, number>();
  readonly decisionMs: number[] = [];
  #drained: (() => void) | undefined;
  lastDecidedAt = 0;
  repeats = 0;
  readonly #decided = new Set<string>();

  accepted(id: string, sentAt: number): void {
    const decidedAt = this.#early.get(id);
    if (decidedAt === undefined) this.#sentAt.set(id, sentAt);
    else {
      this.#early.delete(id);
      this.#settle(sentAt, decidedAt);
    }
  }

  decided(id: string): void {
    const now = performance.now();
    if (this.#decided.has(id)) {
      this.repeats += 1;
      return;
    }
    this.#decided.add(id);
    const sentAt = this.#sentAt.get(id);
    if (sentAt === undefined) this.#early.set(id, now);
    else {
      this.#sentAt.delete(id);
      this.#settle(sentAt, now);
    }
  }

  /** Accepted and not yet decided. */
  get open(): number {
    return this.#sentAt.size;
  }

  /** Decided and never accepted, or decided again. */
  get strays(): number {
    return this.#early.size + this.repeats;
  }

  /** Resolves when nothing is open, or after the limit. */
  drained(limitMs: number): Promise<void> {
    if (this.open === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #settle(sentAt: number, decidedAt: number): void {
    this.decisionMs.push(decidedAt - sentAt);
    this.lastDecidedAt = Math.max(this.lastDecidedAt, decidedAt);
    if (this.open === 0) this.#drained?.();
  }
}
