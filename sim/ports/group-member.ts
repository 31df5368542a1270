/** One member of a consumer group: hands over batch after batch of each partition that it owns, commits what was handled, and hands over again what was rejected. */
import type { ConsumeOptions, LogRecord } from '../../src/platform/event-log/event-log.ts';
import type { Incarnation } from '../kernel/incarnation.ts';
import type { Partition } from './broker.ts';
import type { ConsumerGroup } from './consumer-group.ts';

const redeliverAfterMs = 40;

export class GroupMember {
  readonly incarnation: Incarnation;
  readonly #group: ConsumerGroup;
  readonly #options: Pick<ConsumeOptions, 'handle' | 'signal'>;
  readonly #places = new Map<number, number>();
  /** Where a batch ends that was fetched and has not arrived. */
  readonly #onTheWay = new Map<number, number>();
  /** Lanes of one partition follow one another, so that it is handled once at a time. */
  readonly #lanes = new Map<number, Promise<void>>();
  #generation = -1;
  #leaving = false;

  constructor(group: ConsumerGroup, incarnation: Incarnation, options: Pick<ConsumeOptions, 'handle' | 'signal'>) {
    this.#group = group;
    this.incarnation = incarnation;
    this.#options = options;
  }

  get name(): string {
    return this.incarnation.name;
  }

  placeIn(partition: number): number {
    return this.#places.get(partition) ?? 0;
  }

  /** The furthest place that it will go on from, whatever becomes of the log. */
  reachIn(partition: number): number {
    return Math.max(this.placeIn(partition), this.#onTheWay.get(partition) ?? 0);
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    if (signal.aborted) return;
    const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    this.#group.seat(this);
    await left;
    this.#leaving = true;
    this.#wakeLanes();
    await Promise.all(this.#lanes.values());
    this.#group.unseat(this);
  }

  /** It thaws, finds out some time later, and joins again; until then it works on what it has. */
  loseSeat(): void {
    this.incarnation.after(this.#group.options.random.between(20, 400), () => {
      if (!this.#leaving) this.#group.seat(this);
    });
  }

  assigned(generation: number, partitions: readonly number[]): void {
    if (generation !== this.#group.generation) return;
    this.#generation = generation;
    this.#wakeLanes();
    for (const partition of partitions) {
      const before = this.#lanes.get(partition) ?? Promise.resolve();
      this.#lanes.set(
        partition,
        before.then(() => this.#lane(generation, partition)),
      );
    }
  }

  #isOver(generation: number): boolean {
    return this.#leaving || generation !== this.#generation;
  }

  async #lane(generation: number, index: number): Promise<void> {
    const partition = this.#group.options.topic.partitions[index];
    if (partition === undefined || this.#isOver(generation)) return;
    this.#places.set(index, this.#group.startOf(index));
    while (!this.#isOver(generation)) {
      const records = await this.#fetch(generation, index, partition);
      this.#onTheWay.delete(index);
      const [first] = records;
      if (first === undefined || this.#isOver(generation)) continue;
      const next = Number(first.offset) + records.length;
      this.#places.set(index, next);
      if (await this.#handled(records)) await this.#commit(generation, index, next);
      else {
        await this.#pause(redeliverAfterMs);
        this.#places.set(index, this.#group.startOf(index));
      }
    }
  }

  /** A few records from the place on; none where the wait was interrupted. A place that the log does not have is its beginning. */
  #fetch(generation: number, index: number, partition: Partition): Promise<readonly LogRecord[]> {
    const { world, random } = this.#group.options;
    return new Promise((resolve) => {
      const attempt = (): void => {
        if (!this.incarnation.alive) return;
        const place = this.placeIn(index);
        if (place < partition.begin || place > partition.end) this.#places.set(index, partition.begin);
        const records = this.#isOver(generation) ? [] : partition.read(this.placeIn(index), 1 + random.integer(6));
        if (records.length === 0 && !this.#isOver(generation)) return partition.wait(attempt);
        this.#onTheWay.set(index, this.placeIn(index) + records.length);
        this.incarnation.after(world.latencyMs(), () => resolve(records));
      };
      attempt();
    });
  }

  async #handled(records: readonly LogRecord[]): Promise<boolean> {
    const { world, name } = this.#group.options;
    const about = records.flatMap(({ key }) => (key === null ? [] : [key.toString()]));
    const [first] = records;
    world.history.note(
      this.name,
      `delivered ${first?.topic}/${first?.partition}/${first?.offset}+${records.length}`,
      about,
    );
    try {
      await this.#options.handle(records);
      return true;
    } catch (error) {
      world.history.note(this.name, `rejected a batch of ${name}`, about, String(error));
      world.sometimes('batch-rejected');
      return false;
    }
  }

  /** Tried until it is told or the generation is over. */
  async #commit(generation: number, index: number, next: number): Promise<void> {
    const { world, name } = this.#group.options;
    for (;;) {
      await this.#pause(world.latencyMs());
      if (world.struck('lost-offset-commit', this.incarnation)) {
        await this.#pause(world.latencyMs(60));
        continue;
      }
      const committed = this.#group.commit(generation, index, next);
      world.history.note(this.name, `${committed ? 'committed' : 'may not commit'} ${name}/${index}`, [], String(next));
      if (world.struck('crash-after-offset-commit', this.incarnation))
        world.kill(this.incarnation, 'crash after a commit of an offset');
      return;
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.incarnation.after(ms, resolve));
  }

  #wakeLanes(): void {
    for (const index of this.#lanes.keys()) this.#group.options.topic.partitions[index]?.changed();
  }
}
