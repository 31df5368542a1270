/**
 * Finds ports on loopback that nobody listens on, below the range from which the kernel takes ports for outgoing connections: there, a client that
 * keeps dialling a killed service can be given the service's own port and be connected to itself, and the service cannot come back.
 */
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

const lowest = 20_000;
const highest = 32_000;
const attempts = 200;

export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let attempt = 0; attempt < attempts && found.size < count; attempt += 1) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) found.add(port);
  }
  if (found.size < count) throw new Error(`no ${count} free ports between ${lowest} and ${highest}`);
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
