/** docker-compose.yml and the Dockerfile say what the configuration understands: every role, only variables that exist, and what an operator expects of each service. */
import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';

import { roleNames } from '../src/roles/config/role-names.ts';
import { suite } from './support/suite.ts';

type Service = {
  readonly image?: string;
  readonly user?: string;
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: {
    readonly replicas?: number;
    readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
  };
};

const test = suite('compose');
const read = (path: string): Promise<string> => readFile(new URL(`../${path}`, import.meta.url), 'utf8');
const compose: { services: Readonly<Record<string, Service>>; volumes: Readonly<Record<string, unknown>> } = parse(
  await read('docker-compose.yml'),
  { merge: true },
);
const dockerfile = await read('Dockerfile');
const ours = Object.entries(compose.services).filter(
  ([, service]) => service.environment?.['VERDICT_ROLE'] !== undefined,
);

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}

test('there is one service for each role that is a process of its own', () => {
  const roles = ours.map(([, service]) => service.environment?.['VERDICT_ROLE']);
  assert.equal(new Set(roles), new Set(roleNames.filter((role) => role !== 'standalone')));
  for (const [name, service] of ours) assert.is(service.environment?.['VERDICT_ROLE'], name);
});

test('every variable that a role is given is one that the configuration reads', async () => {
  const known = new Set(leaves(JSON.parse(await read('config/custom-environment-variables.json'))));
  for (const [name, { environment = {} }] of ours) {
    for (const variable of Object.keys(environment)) {
      assert.ok(variable === 'NODE_ENV' || known.has(variable), `${name}: ${variable}`);
    }
    for (const variable of ['DATABASE_URL', 'KAFKA_BROKERS', 'REDIS_URL', 'HOST', 'PORT']) {
      assert.ok(variable in environment, `${name} lacks ${variable}`);
    }
  }
});

test('nothing is pruned unless somebody asks', () => {
  const { profiles, restart } = compose.services['prune'] ?? {};
  assert.equal([profiles, restart], [['retention'], 'no']);
});

test('anti-fraud and settlement run twice', () => {
  assert.is(compose.services['anti-fraud']?.deploy?.replicas, 2);
  assert.is(compose.services['settlement']?.deploy?.replicas, 2);
});

test('every role waits for the schema, runs as nobody special, and writes nowhere', () => {
  for (const [name, service] of ours) {
    assert.is(service.user, 'node', name);
    assert.is(service.read_only, true, name);
    if (name === 'migrate') continue;
    assert.is(service.depends_on?.['migrate']?.condition, 'service_completed_successfully', name);
    if (name !== 'prune') assert.is(service.depends_on?.['kafka']?.condition, 'service_healthy', name);
  }
});

test('every service has a pinned image and limits; every other one a health check and a volume that exists', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    assert.match(service.image ?? '', /:\d+\.\d+[\w.-]*$/, name);
    assert.ok(service.deploy?.resources?.limits?.['memory'], `${name} has no memory limit`);
    assert.ok(service.deploy?.resources?.limits?.['cpus'], `${name} has no cpu limit`);
    if (ours.some(([own]) => own === name)) continue;
    assert.ok((service.healthcheck?.test?.length ?? 0) > 1, `${name} has no health check`);
    for (const volume of service.volumes ?? []) assert.ok((volume.split(':')[0] ?? '') in compose.volumes, volume);
    assert.ok((service.volumes?.length ?? 0) > 0, `${name} has no volume`);
  }
});

test('the image runs Node 24 of a pinned version as an unprivileged user, and looks after its own health', () => {
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
  assert.ok(bases.length > 0);
  for (const base of bases) assert.match(base ?? '', /^node:24\.\d+\.\d+-/);
  assert.match(dockerfile, /^USER node$/m);
  assert.match(dockerfile, /^HEALTHCHECK /m);
  assert.match(dockerfile, /^ENTRYPOINT \["node", "--max-semi-space-size=64", "src\/main\.ts"\]$/m);
});

test.run();
