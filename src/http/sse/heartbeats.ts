/**
 * Beats for all open streams with one timer. They sit in the slots of a wheel that turns once in a period: each is beaten a period after it came (a slot early, at the most)
 * and then once a turn, without being moved.
 */
import type { Clock } from '../../platform/clock.ts';

export type Beating = { readonly beat: () => void };

export type HeartbeatsOptions = {
  readonly clock: Clock;
  readonly periodMs: number;
  readonly closing: AbortSignal;
};

const slotCount = 64;

export class Heartbeats {
  readonly #options: HeartbeatsOptions;
  readonly #slots = Array.from({ length: slotCount }, () => new Set<Beating>());
  readonly #slotOf = new Map<Beating, Set<Beating>>();
  /** The slots that the wheel has passed since it was built. */
  #passed = 0;
  #running = false;

  constructor(options: HeartbeatsOptions) {
    this.#options = options;
  }

  add(one: Beating): void {
    const slot = this.#slotAt(this.#passed - 1);
    slot.add(one);
    this.#slotOf.set(one, slot);
    if (!this.#running) void this.#turn();
  }

  delete(one: Beating): void {
    this.#slotOf.get(one)?.delete(one);
    this.#slotOf.delete(one);
  }

  /** While there is anybody. */
  async #turn(): Promise<void> {
    const { clock, periodMs, closing } = this.#options;
    const slotMs = periodMs / slotCount;
    this.#running = true;
    let nextAt = clock.elapsed() + slotMs;
    while (this.#slotOf.size > 0 && !closing.aborted) {
      await clock.sleep(Math.max(0, nextAt - clock.elapsed()), closing);
      if (closing.aborted) break;
      // After a standstill, whatever its length, one beat each is enough.
      const due = Math.min(slotCount, 1 + Math.floor((clock.elapsed() - nextAt) / slotMs));
      for (let slot = 0; slot < due; slot += 1) this.#pass();
      nextAt = Math.max(nextAt + due * slotMs, clock.elapsed());
    }
    this.#running = false;
  }

  #pass(): void {
    const slot = this.#slotAt(this.#passed);
    this.#passed += 1;
    for (const one of slot) one.beat();
  }

  #slotAt(place: number): Set<Beating> {
    const slot = this.#slots[(place + slotCount) % slotCount];
    if (slot === undefined) throw new RangeError('the wheel has no such slot');
    return slot;
  }
}
