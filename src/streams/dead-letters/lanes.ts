/**
 * What is still to be looked at on the dead-letter topics: a stretch of each partition that ends where the partition ended when the looking began,
 * so that a letter that comes back from a re-drive is not met by the walk that put it back.
 */
import type { EventLog } from '../../platform/event-log/event-log.ts';
import type { Topics } from '../topics.ts';
import { deadTopic } from '../topics.ts';

export type Lane = {
  /** Where the letters of the lane came from. */
  readonly origin: string;
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly end: bigint;
};

/** The topics that have dead letters, in the order in which they are looked at. */
export function originsOf(topics: Topics): readonly string[] {
  return [topics.transactions, topics.decisions, topics.settlements];
}

/** Under the name of either topic: the one that the record was for, or the one where it lies now. */
export function originNamed(topics: Topics, name: string): string | undefined {
  return originsOf(topics).find((origin) => name === origin || name === deadTopic(origin));
}

export async function openLanes(log: Pick<EventLog, 'ends'>, origins: readonly string[]): Promise<readonly Lane[]> {
  const all = await Promise.all(
    origins.map(async (origin) => {
      const topic = deadTopic(origin);
      const ends = await log.ends(topic);
      return [...ends].map(([partition, end]): Lane => ({ origin, topic, partition, from: 0n, end }));
    }),
  );
  return all.flat().filter(({ from, end }) => from < end);
}

/** The opaque text for "from here on": `<topic>.<partition>.<from>.<end>` of each lane, topics by their place among the origins. */
export function formatLanes(topics: Topics, lanes: readonly Lane[]): string {
  const origins = originsOf(topics);
  return lanes.map((lane) => [origins.indexOf(lane.origin), lane.partition, lane.from, lane.end].join('.')).join('_');
}

export function parseLanes(topics: Topics, text: string): readonly Lane[] | undefined {
  const lanes = text.split('_').map((part) => parseLane(originsOf(topics), part));
  return lanes.every((lane) => lane !== undefined) ? lanes : undefined;
}

function parseLane(origins: readonly string[], text: string): Lane | undefined {
  const match = /^(\d)\.(\d{1,5})\.(\d{1,18})\.(\d{1,18})$/.exec(text);
  if (match === null) return undefined;
  const [, index = '', partition = '', from = '', end = ''] = match;
  const origin = origins[Number(index)];
  if (origin === undefined) return undefined;
  return { origin, topic: deadTopic(origin), partition: Number(partition), from: BigInt(from), end: BigInt(end) };
}
