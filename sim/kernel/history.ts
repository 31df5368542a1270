/** What happened in a run, in order, and a hash over all of it: two runs of one seed are the same run if their hashes are. */
import { hashText } from './random.ts';

export type Happening = {
  readonly at: number;
  readonly who: string;
  readonly what: string;
  /** The transactions that it is about; none where it is about all of them, such as a crash. */
  readonly about: readonly string[];
  readonly detail: string;
};

export class History {
  readonly #happenings: Happening[] = [];
  readonly #now: () => number;
  #low = 0x811c9dc5;
  #high = 0x9e3779b9;

  constructor(now: () => number) {
    this.#now = now;
  }

  get happenings(): readonly Happening[] {
    return this.#happenings;
  }

  note(who: string, what: string, about: readonly string[] = [], detail = ''): void {
    const at = this.#now();
    this.#happenings.push({ at, who, what, about, detail });
    const text = `${at}|${who}|${what}|${about.join()}|${detail}`;
    this.#low = hashText(text, this.#low);
    this.#high = hashText(text, this.#high ^ this.#low);
  }

  get hash(): string {
    return this.#high.toString(16).padStart(8, '0') + this.#low.toString(16).padStart(8, '0');
  }
}

/** One line each. With a transaction: only what is about it, and what is about all. */
export function timeline(happenings: readonly Happening[], transaction?: string): readonly string[] {
  return happenings
    .filter(({ about }) => transaction === undefined || about.length === 0 || about.includes(transaction))
    .map(({ at, who, what, about, detail }) => {
      const ids = about.map((id) => `…${id.slice(-6)}`).join(' ');
      return `${at.toFixed(2).padStart(10)}  ${who.padEnd(18)} ${[what, ids, detail].filter((part) => part !== '').join('  ')}`;
    });
}
