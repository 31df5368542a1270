/** The network of the run: a link for each role and service that talk to each other, and the addresses that a role is given in place of the real ones. */
import { freePorts } from '../../tools/services/free-port.ts';
import type { ServiceName, ServiceUrls } from '../../tools/services/service.ts';
import type { Random } from '../random.ts';
import { roles } from '../replicas.ts';
import type { Role } from '../replicas.ts';
import { Link } from './link.ts';

export type LinkKey = { readonly role: Role; readonly service: ServiceName };

export class Links implements AsyncDisposable {
  readonly #urls: ServiceUrls;
  readonly #links: ReadonlyMap<string, Link>;

  private constructor(urls: ServiceUrls, links: ReadonlyMap<string, Link>) {
    this.#urls = urls;
    this.#links = links;
  }

  static async open(urls: ServiceUrls, random: Random): Promise<Links> {
    const targets = {
      postgres: Number(new URL(urls.DATABASE_URL).port),
      kafka: Number(urls.KAFKA_BROKERS.split(':')[1]),
      redis: Number(new URL(urls.REDIS_URL).port),
    };
    const ports = await freePorts(pairs.length);
    const links = await Promise.all(
      pairs.map(async ({ role, service }, index) => {
        const name = nameOf({ role, service });
        const link = await Link.listen({
          ...{ name, port: ports[index] ?? 0, targetPort: targets[service], random: random.fork() },
          isKafka: service === 'kafka',
        });
        return [name, link] as const;
      }),
    );
    return new Links(urls, new Map(links));
  }

  get all(): readonly Link[] {
    return [...this.#links.values()];
  }

  /** Those of one role, of one service, or the one between both. */
  between(key: Partial<LinkKey>): readonly Link[] {
    return pairs
      .filter(({ role, service }) => (key.role ?? role) === role && (key.service ?? service) === service)
      .flatMap((pair) => this.#links.get(nameOf(pair)) ?? []);
  }

  envOf(role: Role): Readonly<Record<string, string>> {
    const through = (url: string, service: ServiceName): string => {
      const proxied = new URL(url);
      proxied.port = String(this.between({ role, service })[0]?.port ?? 0);
      return proxied.href;
    };
    return {
      ...(role === 'anti-fraud' ? {} : { DATABASE_URL: through(this.#urls.DATABASE_URL, 'postgres') }),
      KAFKA_BROKERS: `127.0.0.1:${this.between({ role, service: 'kafka' })[0]?.port ?? 0}`,
      REDIS_URL: through(this.#urls.REDIS_URL, 'redis'),
    };
  }

  mend(): void {
    for (const link of this.all) link.mend();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((link) => link[Symbol.asyncDispose]()));
  }
}

/** Anti-fraud knows no database. */
const pairs: readonly LinkKey[] = roles.flatMap((role) =>
  (role === 'anti-fraud' ? (['kafka', 'redis'] as const) : (['postgres', 'kafka', 'redis'] as const)).map(
    (service) => ({ role, service }),
  ),
);

function nameOf({ role, service }: LinkKey): string {
  return `${role} to ${service}`;
}
