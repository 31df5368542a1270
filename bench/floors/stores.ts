/** The process of one store's floor, `stores.ts <name>`: opens and warms it, says so, and for each number of seconds that it is told goes on as fast as it can and answers what that came to. */
import { openRowByRow, openRowsByBatch } from './insert-rows.ts';
import { openConsume, openProduce } from './kafka-batches.ts';
import { openPipeline } from './redis-pipeline.ts';
import type { Floor, FloorResult, OpenFloor } from './floor.ts';

const floors: Readonly<Record<string, OpenFloor>> = {
  'pg-row-by-row': openRowByRow,
  'pg-rows-by-batch': openRowsByBatch,
  'kafka-produce': openProduce,
  'kafka-consume': openConsume,
  'redis-pipeline': openPipeline,
};
const warmUpSeconds = 1;

const { DATABASE_URL = '', KAFKA_BROKERS = '', REDIS_URL = '' } = process.env;
const name = process.argv[2] ?? '';
const open = floors[name];
if (open === undefined) throw new Error(`no floor is called ${name}`);
const floor = await open({ DATABASE_URL, KAFKA_BROKERS, REDIS_URL });
await run(floor, warmUpSeconds);
process.on('disconnect', () => process.exit());
process.on('message', (seconds: number) => void run(floor, seconds).then((result) => process.send?.(result)));
process.send?.('ready');

async function run({ step, atOnce }: Floor, seconds: number): Promise<FloorResult> {
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  let items = 0;
  const again = async (): Promise<void> => {
    while (performance.now() < until) items += await step();
  };
  await Promise.all(Array.from({ length: atOnce }, again));
  return { items, seconds: (performance.now() - startedAt) / 1000 };
}
