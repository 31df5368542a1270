/** A consumer group in memory: every partition has exactly one owner among the members, and a new owner begins where the former one committed. */
import { EmbeddedTurn } from './embedded-turn.ts';
import type { EmbeddedPartition } from './embedded-partition.ts';
import type { ConsumeOptions } from './event-log.ts';
import type { TurnOptions } from './embedded-turn.ts';

export type GroupOptions = Pick<TurnOptions, 'clock' | 'log' | 'batchMax' | 'redeliverAfterMs' | 'stopLimitMs'> & {
  readonly partitions: readonly EmbeddedPartition[];
  readonly onCommit: (partition: number) => void;
};

type Member = Pick<ConsumeOptions, 'handle' | 'signal'>;

type Seat = {
  readonly partition: EmbeddedPartition;
  committed: number | undefined;
  owner: Member | undefined;
  turn: EmbeddedTurn | undefined;
  /** Owners follow one another through this chain, so that no two of them ever hold one partition. */
  handover: Promise<void>;
};

export class EmbeddedGroup {
  readonly #options: GroupOptions;
  readonly #seats: readonly Seat[];
  readonly #members = new Set<Member>();

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#seats = options.partitions.map((partition) => ({
      partition,
      committed: undefined,
      owner: undefined,
      turn: undefined,
      handover: Promise.resolve(),
    }));
  }

  /** The offset that the group reads next; undefined where it never committed. */
  committed(partition: number): number | undefined {
    return this.#seats[partition]?.committed;
  }

  /** A member until its signal aborts; resolves when all it had in hand is committed and passed on. */
  async join(member: Member): Promise<void> {
    if (member.signal.aborted) return;
    const left = new Promise<void>((resolve) =>
      member.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    this.#members.add(member);
    this.#share();
    await left;
    this.#members.delete(member);
    this.#share();
    await Promise.all(this.#seats.map((seat) => seat.handover));
  }

  #share(): void {
    const members = [...this.#members];
    this.#seats.forEach((seat, index) => {
      const owner = members[index % Math.max(1, members.length)];
      if (owner === seat.owner) return;
      seat.owner = owner;
      seat.handover = seat.handover.then(() => this.#handOver(seat, index));
    });
  }

  async #handOver(seat: Seat, index: number): Promise<void> {
    await seat.turn?.stop();
    seat.turn = undefined;
    if (seat.owner === undefined) return;
    seat.turn = new EmbeddedTurn({
      ...this.#options,
      partition: seat.partition,
      handle: seat.owner.handle,
      committed: () => seat.committed,
      commit: (next) => {
        seat.committed = next;
        this.#options.onCommit(index);
      },
    });
  }
}
