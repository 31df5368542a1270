/** One effect at a time per partition in this process, also across consumers that follow one another: an effect that was abandoned still runs, and the next one waits for it. */
export class PartitionLane {
  readonly #last = new Map<number, Promise<void>>();

  async after(partition: number, effect: () => Promise<void>): Promise<void> {
    const before = this.#last.get(partition);
    const running = (async () => {
      await before;
      await effect();
    })();
    const settled = running.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(partition, settled);
    await running;
  }
}
