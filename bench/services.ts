/** Real services for a bench, started at the first wish for them and shared by all peers, so that all of them meet the same warm broker. */
import pg from 'pg';

import { temporaryDirectory } from '../tools/services/directory.ts';
import { ServiceSet } from '../tools/services/service-set.ts';
import { startServices } from '../tools/services/start-services.ts';
import type { ServiceUrls } from '../tools/services/service.ts';
import type { Watched } from './measure/processes.ts';

export type BenchServices = {
  readonly env: ServiceUrls;
  readonly processes: readonly Watched[];
  /** Resolves to its URL. */
  readonly freshDatabase: (name: string) => Promise<string>;
};

export class LazyServices implements AsyncDisposable {
  readonly #closing = new AsyncDisposableStack();
  #started: Promise<BenchServices> | undefined;

  get(): Promise<BenchServices> {
    this.#started ??= this.#start();
    return this.#started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#started?.catch(() => undefined);
    await this.#closing.disposeAsync();
  }

  async #start(): Promise<BenchServices> {
    const dir = await temporaryDirectory();
    const { env } = this.#closing.use(await startServices({ dir }));
    const health = (await (await ServiceSet.open(dir))?.status()) ?? [];
    return {
      env,
      processes: health.map(({ name, pid = 0 }) => ({ name: name.replace(/-\d+$/, ''), pid })),
      freshDatabase: (name) => createDatabase(env.DATABASE_URL, name),
    };
  }
}

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  return fresh.href;
}
