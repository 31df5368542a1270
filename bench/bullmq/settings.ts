/** What both BullMQ processes are told in their environment, and what they agree on. */
import { Redis } from 'ioredis';

export type JobData = { readonly id: string; readonly value: number };

export type BullmqSettings = {
  readonly databaseUrl: string;
  readonly prefix: string;
  /** Jobs that the worker has in hand at once. */
  readonly concurrency: number;
  readonly poolMax: number;
};

export const queueName = 'transactions';

export function bullmqSettings(): BullmqSettings {
  const { DATABASE_URL = '', BULLMQ_PREFIX = '', BULLMQ_CONCURRENCY = '50', BULLMQ_POOL = '20' } = process.env;
  return {
    databaseUrl: DATABASE_URL,
    prefix: BULLMQ_PREFIX,
    concurrency: Number(BULLMQ_CONCURRENCY),
    poolMax: Number(BULLMQ_POOL),
  };
}

/** Retried for ever, as workers and listeners need it. */
export function connectRedis(): Redis {
  return new Redis(process.env['REDIS_URL'] ?? '', { maxRetriesPerRequest: null });
}
