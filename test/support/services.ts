/** Real Kafka, Redis and PostgreSQL for live tests: the runner's shared set where there is one, with databases and names that no other test uses. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { startServices } from '../../tools/services/start-services.ts';
import type { ServiceUrls } from '../../tools/services/service.ts';
import type { Services, ServicesOptions } from '../../tools/services/start-services.ts';

export type LiveServices = {
  readonly env: ServiceUrls;
  /** An empty database of its own; resolves to its URL. */
  readonly freshDatabase: () => Promise<string>;
  /** For topics, consumer groups and keys; made of letters, digits and dashes, ends in a dash. */
  readonly freshPrefix: () => string;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** What everybody shares: it can be used, not broken. */
export async function liveServices(): Promise<LiveServices> {
  const shared = process.env['VERDICT_TEST_SERVICES'];
  if (shared === undefined || shared === '') return ownServices();
  const env: ServiceUrls = JSON.parse(shared);
  return { ...freshIn(env), env, [Symbol.asyncDispose]: async () => undefined };
}

/** A set of its own, for tests that kill, freeze or wipe; about 4 s to start. */
export async function ownServices(options: ServicesOptions = {}): Promise<LiveServices & Services> {
  const services = await startServices(options);
  return { ...services, ...freshIn(services.env) };
}

function freshIn(env: ServiceUrls): Pick<LiveServices, 'freshDatabase' | 'freshPrefix'> {
  return {
    freshDatabase: () => createDatabase(env.DATABASE_URL),
    freshPrefix: () => `t-${randomUUID().slice(0, 8)}-`,
  };
}

async function createDatabase(url: string): Promise<string> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  return fresh.href;
}
