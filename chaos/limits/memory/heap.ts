/** What a process says that it keeps on its heap and in buffers outside of it, in megabytes. Garbage counts until it is collected, so the least of several readings is the truest. */
import { sleep } from '../../wait.ts';
import { readMetricSum } from '../read-metric.ts';

const readings = 20;
const everyMs = 500;
const megabyte = 1_048_576;

export async function leastHeap(url: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < readings; reading += 1) {
    const heap = await readMetricSum(url, 'nodejs_heap_size_used_bytes');
    const outside = await readMetricSum(url, 'nodejs_external_memory_bytes');
    least = Math.min(least, (heap + outside) / megabyte);
    await sleep(everyMs);
  }
  return least;
}

/**
 * What is alive, where garbage is collected often: the heap in use without the young generation, in which the last seconds lie, and the buffers outside of it. Undefined where
 * the process does not answer.
 */
export async function oldHeap(url: string): Promise<number | undefined> {
  try {
    const metric = 'nodejs_heap_space_size_used_bytes';
    const [all, young] = [await readMetricSum(url, metric), await readMetricSum(url, metric, 'space="new"')];
    return (all - young + (await readMetricSum(url, 'nodejs_external_memory_bytes'))) / megabyte;
  } catch {
    return undefined; // A process that is killed or frozen by a fault has no sample for now.
  }
}
