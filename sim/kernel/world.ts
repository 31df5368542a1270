/**
 * All that the parts of one run share: time, chance, the history, the faults that lie in wait, and what the checks found on the way.
 * What others set here has been named first: V8 allocates a function literal that is assigned to a property in the old generation, where it keeps what it sees,
 * the world of its run, alive and copied until the next full collection. A quarter of the time of a campaign went into that.
 */
import { Agenda } from './agenda.ts';
import { History } from './history.ts';
import type { Incarnation } from './incarnation.ts';
import { Random } from './random.ts';

export type Violation = {
  /** I1 to I15 of the guarantees, or what the simulator itself holds to be impossible. */
  readonly clause: string;
  readonly text: string;
  readonly transaction?: string | undefined;
};

export class World {
  readonly random: Random;
  readonly agenda = new Agenda();
  readonly history = new History(() => this.agenda.now);
  readonly violations: Violation[] = [];
  /** Rare states that were reached. */
  readonly marks = new Set<string>();
  readonly #armed = new Map<string, number>();
  readonly #latency: Random;
  /** Everything takes so many times longer. */
  slowness = 1;
  /** Ends a process from the outside; set by the fleet. */
  kill: (incarnation: Incarnation, why: string) => void = (incarnation) => incarnation.end();
  /** Stops a process in the middle of what it does, for longer than others wait for it; set by the fleet. */
  freeze: (incarnation: Incarnation) => void = () => undefined;
  /** Somebody else decides these transactions at this moment; set by the run. */
  decideElsewhere: (transactions: readonly string[]) => void = () => undefined;

  constructor(name: string) {
    this.random = new Random(name);
    this.#latency = this.random.fork('latency');
  }

  /** Notes that a rare state was reached: a campaign in which it never is proves less than it seems. */
  sometimes(mark: string): void {
    this.marks.add(mark);
  }

  violate(clause: string, text: string, transaction?: string): void {
    this.violations.push({ clause, text, transaction });
    this.history.note('checker', `VIOLATION ${clause}: ${text}`, transaction === undefined ? [] : [transaction]);
  }

  /** One way over a wire, or a piece of work at the other end: mostly short, now and then long. */
  latencyMs(usualMs = 1): number {
    const tail = this.#latency.chance(0.06) ? 12 : 1;
    return usualMs * tail * this.slowness * this.#latency.between(0.3, 1.7);
  }

  /** The next call of this kind by the process suffers the fault. */
  arm(fault: string, target: string): void {
    const name = `${fault} ${target}`;
    this.#armed.set(name, (this.#armed.get(name) ?? 0) + 1);
  }

  disarm(): void {
    this.#armed.clear();
  }

  /** True where a fault lay in wait for this call; it is spent. */
  struck(fault: string, incarnation: Incarnation): boolean {
    if (this.#armed.size === 0) return false;
    const name = `${fault} ${incarnation.place}`;
    const count = this.#armed.get(name) ?? 0;
    if (count === 0) return false;
    if (count === 1) this.#armed.delete(name);
    else this.#armed.set(name, count - 1);
    this.sometimes(`struck by ${fault}`);
    this.history.note('fault', 'strikes', [], name);
    return true;
  }
}

/** The first moment of a run, for all clocks that are right. */
export const epochMs = Date.UTC(2026, 0, 1);
