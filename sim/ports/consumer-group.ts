/**
 * A consumer group: every partition has one owner in a generation, and a new owner begins where the group last committed. A member that was silent too long
 * loses its seat without knowing it: it goes on working, and only its commits are refused, because they are of an old generation.
 */
import type { ConsumeOptions, LogRecord, Offsets } from '../../src/platform/event-log/event-log.ts';
import type { Incarnation } from '../kernel/incarnation.ts';
import type { Random } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';
import type { Topic } from './broker.ts';
import { GroupMember } from './group-member.ts';

export type GroupOptions = {
  readonly world: World;
  readonly name: string;
  readonly topic: Topic;
  readonly random: Random;
  readonly onCommit: (records: readonly LogRecord[]) => void;
};

/** How long a silent member keeps its seat. */
export const sessionMs = 900;

export class ConsumerGroup {
  readonly options: GroupOptions;
  readonly #committed: (number | undefined)[];
  readonly #members = new Set<GroupMember>();
  #generation = 0;

  constructor(options: GroupOptions) {
    this.options = options;
    this.#committed = options.topic.partitions.map(() => undefined);
  }

  get generation(): number {
    return this.#generation;
  }

  committed(): Offsets {
    return new Map(this.#committed.map((offset, index) => [index, offset === undefined ? -1n : BigInt(offset)]));
  }

  /** Where an owner begins. */
  startOf(partition: number): number {
    return this.#committed[partition] ?? 0;
  }

  /** A member until its signal aborts; resolves when what it had in hand is committed and it has left. */
  consume(incarnation: Incarnation, options: Pick<ConsumeOptions, 'handle' | 'signal'>): Promise<void> {
    const member = new GroupMember(this, incarnation, options);
    const stop = incarnation.onEnd(() => {
      this.options.world.agenda.after(sessionMs * this.options.random.between(0.5, 1.5), () => this.unseat(member));
    });
    return member.run().finally(stop);
  }

  seat(member: GroupMember): void {
    this.#members.add(member);
    this.rebalance(`${member.name} joined`);
  }

  unseat(member: GroupMember): void {
    if (this.#members.delete(member)) this.rebalance(`${member.name} left`);
  }

  /** What has been silent for too long loses its seat. */
  noticeSilence(): void {
    for (const member of this.#members) {
      if (member.incarnation.silentMs < sessionMs) continue;
      this.options.world.sometimes('zombie-consumer');
      this.unseat(member);
      member.loseSeat();
    }
  }

  rebalance(why: string): void {
    const { world, name, random, topic } = this.options;
    this.#generation += 1;
    const generation = this.#generation;
    world.history.note('log', `rebalance of ${name}`, [], why);
    const members = [...this.#members];
    const first = random.integer(Math.max(1, members.length));
    for (const [index, member] of members.entries()) {
      const mine = topic.partitions.flatMap((_, at) => ((at + first) % members.length === index ? [at] : []));
      member.incarnation.after(world.latencyMs(10), () => member.assigned(generation, mine));
    }
  }

  /** False where the member's generation is over. */
  commit(generation: number, partition: number, next: number): boolean {
    if (generation !== this.#generation) {
      this.options.world.sometimes('commit-of-an-old-generation');
      return false;
    }
    const before = this.#committed[partition] ?? 0;
    const log = this.options.topic.partitions[partition];
    if (log !== undefined) this.options.onCommit(log.between(Math.max(before, log.exemptBelow), next));
    this.#committed[partition] = next;
    return true;
  }

  /** Without a rebalance the members go on from the places that they remember. */
  forgetOffsets(unnoticed: boolean): void {
    this.#committed.fill(undefined);
    for (const [index, partition] of this.options.topic.partitions.entries()) {
      const places = [...this.#members].map((member) => member.reachIn(index));
      partition.exemptBelow = unnoticed ? Math.max(0, ...places) : 0;
    }
    if (!unnoticed) this.rebalance('its offsets are gone');
  }
}
