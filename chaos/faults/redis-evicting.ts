/** Redis has no room: it throws away whatever it likes, or takes nothing more. */
import type { Fault } from '../arena.ts';
import { exchange } from '../../tools/services/exchange.ts';
import { sleep } from '../wait.ts';

export const redisEvicting: Fault = {
  kind: 'redis-evicting',
  breaks: ['redis'],
  limitMs: 20_000,
  bar: { says: 'the pipeline never stops', maxMs: 0, measure: 'flow' },
  strike: async ({ services }, random) => {
    const port = Number(new URL(services.env.REDIS_URL).port);
    const policy = random.pick(['allkeys-random', 'noeviction']);
    const ms = random.between(2_000, 5_000);
    const fromMs = Date.now();
    try {
      await configure(port, 'maxmemory-policy', policy);
      await configure(port, 'maxmemory', '1mb');
      await sleep(ms);
    } finally {
      await configure(port, 'maxmemory', '0');
      await configure(port, 'maxmemory-policy', 'noeviction');
    }
    return { note: `${policy} for ${ms} ms`, fromMs };
  },
};

async function configure(port: number, name: string, value: string): Promise<void> {
  const answer = (
    await exchange(port, `CONFIG SET ${name} ${value}\r\n`, (bytes) => bytes.includes('\r\n'))
  ).toString();
  if (!answer.startsWith('+OK')) throw new Error(`redis answered ${answer.trim()}`);
}
