/** What the load generator, Node's HTTP server, a framework and one statement come to by themselves: none of them decides anything. */
import { startNodeChild } from './node-child.ts';
import type { PeerOptions, RunningPeer } from './peer.ts';
import { startPrograms } from './programs.ts';

export function startBareHttp(): Promise<RunningPeer> {
  return startAlone(new URL('../floors/bare-http.ts', import.meta.url));
}

export function startKoaAjv(): Promise<RunningPeer> {
  return startAlone(new URL('../floors/koa-ajv.ts', import.meta.url));
}

export async function startKoaPg(options: PeerOptions): Promise<RunningPeer> {
  const programs = { server: new URL('../floors/koa-pg.ts', import.meta.url) };
  const peer = await startPrograms({ programs, env: () => ({}), uses: ['postgres'] }, options);
  return { ...peer, target: { ...peer.target, decisions: undefined }, countRows: undefined };
}

async function startAlone(program: URL): Promise<RunningPeer> {
  const child = await startNodeChild(program);
  return {
    target: { url: `http://127.0.0.1:${child.port}`, decisions: undefined },
    processes: [{ name: 'server', pid: child.pid }],
    metrics: {},
    countRows: undefined,
    complaints: () => [],
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
