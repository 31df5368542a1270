/** The names of all topics and consumer groups, and how the topics are created. */
import type { TopicSpec } from '../platform/event-log/event-log.ts';

export type Topics = {
  readonly transactions: string;
  readonly decisions: string;
  readonly settlements: string;
  readonly antiFraudGroup: string;
  readonly settlementGroup: string;
};

export function topicNames(prefix: string): Topics {
  return {
    transactions: `${prefix}transactions`,
    decisions: `${prefix}decisions`,
    settlements: `${prefix}settlements`,
    antiFraudGroup: `${prefix}anti-fraud`,
    settlementGroup: `${prefix}settlement`,
  };
}

export function deadTopic(topic: string): string {
  return `${topic}.dead`;
}

export type TopicSizes = {
  readonly partitions: number;
  readonly replication: number;
  readonly retentionMs: number;
  readonly deadLetterRetentionMs: number;
};

/** Dead letters get one partition: they are few, and whoever looks at them wants them in one line. */
export function topicSpecs(topics: Topics, sizes: TopicSizes): readonly TopicSpec[] {
  const { partitions, replication, retentionMs, deadLetterRetentionMs } = sizes;
  return [topics.transactions, topics.decisions, topics.settlements].flatMap((name) => [
    { name, partitions, replication, retentionMs },
    { name: deadTopic(name), partitions: 1, replication, retentionMs: deadLetterRetentionMs },
  ]);
}
