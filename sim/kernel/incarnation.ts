/** One life of a process. A crash ends it: whatever was to happen in it never does, and a new life knows nothing of it. Frozen, it stands still and goes on later as if nothing had been. */
import type { Agenda, Cancel, Owner } from './agenda.ts';

export class Incarnation implements Owner {
  readonly name: string;
  /** The name that all lives of the process share. */
  readonly place: string;
  readonly #agenda: Agenda;
  readonly #ends = new Set<() => void>();
  #alive = true;
  #frozen = false;
  #frozenAt = 0;
  #postponed: (() => void)[] = [];
  /** How far its wall clock is from the truth. */
  skewMs = 0;

  constructor(place: string, life: number, agenda: Agenda) {
    this.place = place;
    this.name = `${place}#${life}`;
    this.#agenda = agenda;
  }

  get alive(): boolean {
    return this.#alive;
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  /** How long it has been silent. */
  get silentMs(): number {
    return this.#frozen ? this.#agenda.now - this.#frozenAt : 0;
  }

  after(ms: number, run: () => void): Cancel {
    return this.#agenda.after(ms, run, this);
  }

  postpone(run: () => void): void {
    this.#postponed.push(run);
  }

  freeze(): void {
    if (!this.#frozen) this.#frozenAt = this.#agenda.now;
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
    const postponed = this.#postponed;
    this.#postponed = [];
    for (const run of postponed) this.after(0, run);
  }

  /** The world outside notices, each part in its own time. */
  onEnd(notice: () => void): Cancel {
    this.#ends.add(notice);
    return () => this.#ends.delete(notice);
  }

  end(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#postponed = [];
    for (const notice of this.#ends) notice();
  }
}
