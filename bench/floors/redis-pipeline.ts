/** What Redis takes through ioredis: keys with a time to live, set by the pipeline. */
import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';

import { batchSize } from './floor.ts';
import type { OpenFloor } from './floor.ts';

const ttlSeconds = 60;

export const openPipeline: OpenFloor = async ({ REDIS_URL }) => {
  const redis = new Redis(REDIS_URL);
  const set = async (): Promise<number> => {
    const pipeline = redis.pipeline();
    for (let index = 0; index < batchSize; index += 1) pipeline.set(`floor:${randomUUID()}`, '1', 'EX', ttlSeconds);
    const replies = await pipeline.exec();
    const failed = replies?.find(([error]) => error !== null)?.[0];
    if (failed) throw failed;
    return batchSize;
  };
  return { step: set, atOnce: 1 };
};
