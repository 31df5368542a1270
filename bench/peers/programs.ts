/** Peers that are a few Node programs beside the bench, on a database of their own; the first of them answers HTTP. */
import type { BenchServices } from '../services.ts';
import { countSql } from './count-sql.ts';
import { startNodeChild } from './node-child.ts';
import type { PeerOptions, RunningPeer } from './peer.ts';

export type Programs = {
  /** By the name that tables show. Started in this order. */
  readonly programs: Readonly<Record<string, URL>>;
  readonly env: (prefix: string, services: BenchServices['env']) => Readonly<Record<string, string>>;
  /** Of the services, those that work for this peer. */
  readonly uses: readonly ('kafka' | 'redis' | 'postgres')[];
};

export async function startPrograms(
  { programs, env, uses }: Programs,
  { prefix, services }: PeerOptions,
): Promise<RunningPeer> {
  const { env: urls, freshDatabase, processes } = await services();
  const DATABASE_URL = await freshDatabase(prefix);
  await using starting = new AsyncDisposableStack();
  const children = [];
  for (const [name, program] of Object.entries(programs)) {
    const child = await startNodeChild(program, { ...env(prefix, urls), DATABASE_URL });
    children.push({ name, ...starting.use(child) });
  }
  const running = starting.move();
  return {
    target: { url: `http://127.0.0.1:${children[0]?.port}`, decisions: '/events' },
    processes: [
      ...children.map(({ name, pid }) => ({ name, pid })),
      ...processes.filter(({ name }) => uses.some((used) => name.startsWith(used))),
    ],
    metrics: {},
    countRows: () => countSql(DATABASE_URL),
    complaints: () => [],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
