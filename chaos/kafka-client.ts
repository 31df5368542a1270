/** A plain Kafka client beside Verdict's own, with short limits: what does not work in an outage fails soon. */
import { Kafka, logLevel } from 'kafkajs';

export function plainKafka(brokers: string): Kafka {
  return new Kafka({
    brokers: brokers.split(','),
    clientId: 'chaos',
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    retry: { retries: 1, initialRetryTime: 100 },
  });
}

export const groups = { 'anti-fraud': 'verdict.anti-fraud', settlement: 'verdict.settlement' } as const;

export const topicPrefix = 'verdict.';

export const topics = [
  'transactions',
  'decisions',
  'settlements',
  'transactions.dead',
  'decisions.dead',
  'settlements.dead',
] as const;
