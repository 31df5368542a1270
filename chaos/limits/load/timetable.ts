/** When the requests of an open loop are due: evenly over the time, whatever became of those before. Asked late, it names all that have become due since, so that slowness never thins the load. */
export class Timetable {
  readonly #perSecond: number;
  readonly #total: number;
  #named = 0;

  constructor(perSecond: number, seconds: number) {
    this.#perSecond = perSecond;
    this.#total = Math.floor(perSecond * seconds);
  }

  /** How many have become due since it was last asked; the first one is due at 0. */
  due(elapsedMs: number): number {
    const untilNow = Math.min(this.#total, Math.floor((elapsedMs * this.#perSecond) / 1_000) + 1);
    const fresh = Math.max(0, untilNow - this.#named);
    this.#named += fresh;
    return fresh;
  }

  get named(): number {
    return this.#named;
  }

  get isOver(): boolean {
    return this.#named >= this.#total;
  }
}
