/** What the load generator and Node's HTTP server come to by themselves. */
import { startNodeChild } from './node-child.ts';
import type { RunningPeer } from './peer.ts';

export async function startBareHttp(): Promise<RunningPeer> {
  const child = await startNodeChild(new URL('../floors/bare-http.ts', import.meta.url));
  return {
    target: { url: `http://127.0.0.1:${child.port}`, decisions: undefined },
    processes: [{ name: 'server', pid: child.pid }],
    countRows: undefined,
    complaints: () => [],
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
