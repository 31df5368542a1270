/** Chance from a seed. Streams that are forked by name do not disturb one another: taking one fault out of a run leaves the others as they were. */
export class Random {
  readonly #name: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(name: string) {
    this.#name = name;
    this.#a = hashText(name, 0x9e3779b9);
    this.#b = hashText(name, 0x243f6a88);
    this.#c = hashText(name, 0xb7e15162);
    for (let round = 0; round < 12; round += 1) this.integer(2);
  }

  fork(name: string): Random {
    return new Random(`${this.#name}/${name}`);
  }

  /** In [0, 1). */
  fraction(): number {
    return this.word() / 4_294_967_296;
  }

  /** In [0, below). */
  integer(below: number): number {
    return Math.floor(this.fraction() * below);
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.fraction();
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    // The index lies within, though the compiler cannot know.
    return items[this.integer(items.length)] as T;
  }

  /** 32 bits, by sfc32 (Chris Doty-Humphrey, PractRand). */
  word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}

/** FNV-1a over UTF-16 units. */
export function hashText(text: string, from = 0x811c9dc5): number {
  let result = from;
  for (let at = 0; at < text.length; at += 1) result = Math.imul(result ^ text.charCodeAt(at), 0x01000193);
  return result >>> 0;
}
