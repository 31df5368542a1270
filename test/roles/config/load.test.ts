/** The configuration is right as a whole, or every problem of it is told at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as assert from 'uvu/assert';

import type { Config } from '../../../src/roles/config/schema.ts';
import { loadConfig } from '../../../src/roles/config/load.ts';
import { suite } from '../../support/suite.ts';

const test = suite('load config');
const services = {
  DATABASE_URL: 'postgres://verdict:tell-nobody@127.0.0.1:5432/verdict',
  KAFKA_BROKERS: '127.0.0.1:9092, 127.0.0.1:9093',
  REDIS_URL: 'redis://127.0.0.1:6379',
};
const pepper = 'p'.repeat(32);
const key = { id: 'k1', client: 'acme', hash: 'a'.repeat(64), scopes: ['transactions:read'] };

function accept(argv: readonly string[], env: Record<string, string> = {}): Config {
  const loaded = loadConfig({ argv, env });
  if (loaded.kind !== 'config') throw new Error(JSON.stringify(loaded));
  return loaded.config;
}

function refuse(argv: readonly string[], env: Record<string, string> = {}): readonly string[] {
  const loaded = loadConfig({ argv, env });
  if (loaded.kind !== 'problems') throw new Error(`expected problems, got ${loaded.kind}`);
  return loaded.problems;
}

test('nothing given is standalone on loopback, with every part embedded', () => {
  const config = accept([]);
  assert.equal(config.roles, ['standalone']);
  assert.equal([config.http.host, config.http.port], ['127.0.0.1', 3000]);
  assert.equal([config.database.url, config.eventLog.brokers, config.keyStore.url], [null, [], null]);
  assert.ok(config.rules.directory.endsWith('/config/rules'));
});

test('a flag wins over a variable, a variable over a file', () => {
  const config = accept(['--port', '0', '--data-dir=/tmp/x'], {
    PORT: '4000',
    VERDICT_DATA_DIR: '/tmp/y',
    VERDICT_RESEND_AFTER_MS: '3000',
  });
  assert.equal([config.http.port, config.dataDir, config.resend.afterMs], [0, '/tmp/x', 3000]);
});

test('lists are comma-separated', () => {
  const config = accept(['--role', 'relay,settlement'], services);
  assert.equal(config.roles, ['relay', 'settlement']);
  assert.equal(config.eventLog.brokers, ['127.0.0.1:9092', '127.0.0.1:9093']);
});

test('an empty variable is one that is not given', () => {
  assert.is(accept([], { DATABASE_URL: '', PORT: '' }).database.url, null);
});

test('all problems are told at once, each with its source and what is allowed', () => {
  const problems = refuse(['--port', 'abc', '--colour', 'red'], {
    VERDICT_BATCHING_PACE_MS: '10ms',
    VERDICT_RESEND_AFTER_MS: '-5',
    VERDICT_RESEND_AFTR_MS: '5',
    LOG_LEVEL: 'loud',
  });
  const expected = [
    '--port (http.port) must be a whole number from 0 to 65535; it is "abc"',
    '--colour is no flag',
    'VERDICT_RESEND_AFTR_MS is no environment variable of Verdict',
    'VERDICT_BATCHING_PACE_MS (batching.paceMs) must be a whole number from 0 to 1000; it is "10ms"',
    'VERDICT_RESEND_AFTER_MS (resend.afterMs) must be a whole number from 100 to 3600000; it is "-5"',
    'LOG_LEVEL (log.level) must be one of fatal, error,',
  ];
  for (const text of expected)
    assert.ok(
      problems.some((problem) => problem.includes(text)),
      text,
    );
});

test('a flag without its value is a problem', () => {
  assert.match(refuse(['--port'])[0] ?? '', /--port needs a value/);
  assert.match(refuse(['--port', '--role', 'standalone'])[0] ?? '', /--port needs a value/);
});

test('secrets are never printed', () => {
  const problems = refuse([], {
    DATABASE_URL: 'mysql://user:hunter2@db/x',
    VERDICT_API_KEY_PEPPER: 'hunter2',
    VERDICT_API_KEYS: '[{"hash":"hunter2"}]',
  }).join('\n');
  assert.match(problems, /DATABASE_URL \(database.url\) must be postgres:/);
  assert.match(problems, /at least 32 characters/);
  assert.not.match(problems, /hunter2/);
});

test('a role that lacks services says which', () => {
  assert.match(refuse(['--role', 'settlement']).join(), /role settlement needs DATABASE_URL, KAFKA_BROKERS, REDIS_URL/);
  assert.match(refuse(['--role', 'front-door'], { ...services, REDIS_URL: '' }).join(), /needs REDIS_URL: set it/);
  assert.match(refuse(['--role', 'migrate']).join(), /role migrate needs DATABASE_URL: set it/);
  assert.equal(accept(['--role', 'migrate'], { DATABASE_URL: services.DATABASE_URL }).roles, ['migrate']);
});

test('standalone and migrate cannot be combined', () => {
  assert.match(refuse(['--role', 'standalone,relay'], services).join(), /standalone cannot be combined/);
  assert.match(refuse(['--role', 'relay,migrate'], services).join(), /migrate cannot be combined/);
});

test('a prune is told an age, by a flag or a variable, with a unit or in milliseconds', () => {
  const ageOf = (argv: readonly string[], env: Record<string, string> = {}): number | null =>
    accept(['--role', 'prune', ...argv], env).prune.olderThanMs;
  assert.is(ageOf(['--older-than', '90d']), 7_776_000_000);
  assert.is(ageOf(['--older-than=2160h']), 7_776_000_000);
  assert.is(ageOf([], { VERDICT_PRUNE_OLDER_THAN_MS: '7776000000' }), 7_776_000_000);
  assert.is(ageOf(['--older-than', '90d'], { VERDICT_PRUNE_OLDER_THAN_MS: '200d' }), 7_776_000_000);
  assert.is(accept(['--role', 'prune', '--older-than', '90d', '--dry-run']).prune.dryRun, true);
  assert.is(accept(['--role', 'prune', '--older-than', '90d']).prune.dryRun, false);
  for (const text of ['90 days', 'd', '-1d', '1.5d', '30s', '99999d', 'null']) {
    assert.match(
      refuse(['--role', 'prune', '--older-than', text]).join(),
      /--older-than \(prune.olderThanMs\) must be/,
      text,
    );
  }
});

test('a prune is refused without an age, and below what still speaks of a transaction', () => {
  const asked = (age: string, env: Record<string, string> = {}): readonly string[] =>
    refuse(['--role', 'prune', '--older-than', age], env);
  assert.match(refuse(['--role', 'prune']).join(), /role prune needs an age: give --older-than 90d/);
  assert.match(refuse(['--dry-run']).join(), /--dry-run.* for the role prune alone/);
  assert.match(refuse(['--role', 'prune,relay', '--older-than', '90d'], services).join(), /prune cannot be combined/);
  // A week of retention, and the week for which a segment stays open.
  assert.match(asked('14d').join(), /must be above 1209600000, eventLog.retentionMs and a week/);
  assert.is(accept(['--role', 'prune', '--older-than', '1209600001']).prune.olderThanMs, 1_209_600_001);
  assert.match(asked('90d', { VERDICT_TOPIC_RETENTION_MS: '-1' }).join(), /needs an event log that forgets/);
  assert.match(asked('29d', { VERDICT_IDEMPOTENCY_TTL_MS: '2592000000' }).join(), /keyStore.idempotencyTtlMs/);
  const brief = { VERDICT_TOPIC_RETENTION_MS: '0', VERDICT_DECIDE_WITHIN_MS: '604800000' };
  assert.is(asked('7d', brief).length, 2);
});

test('an unknown role is refused with the names of those that exist', () => {
  assert.match(
    refuse([], { VERDICT_ROLE: 'frontdoor' }).join(),
    /VERDICT_ROLE \(roles\) must be of standalone, front-door/,
  );
});

test('nobody is let in from outside without keys', () => {
  for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) accept(['--host', host]);
  for (const host of ['0.0.0.0', '::', '128.0.0.1', 'example.org', '127.0.0.1.example.org']) {
    assert.match(refuse(['--host', host]).join(), /auth.mode none lets everybody in/);
  }
});

test('api-keys needs keys and a pepper', () => {
  const env = { HOST: '0.0.0.0', VERDICT_AUTH_MODE: 'api-keys' };
  assert.is(refuse([], env).length, 2);
  const config = accept([], { ...env, VERDICT_API_KEYS: JSON.stringify([key]), VERDICT_API_KEY_PEPPER: pepper });
  assert.equal(config.auth.keys, [key]);
  const twice = { ...env, VERDICT_API_KEYS: JSON.stringify([key, key]), VERDICT_API_KEY_PEPPER: pepper };
  assert.match(refuse([], twice).join(), /k1 is there twice/);
});

test('production wants keys and three replicas', () => {
  assert.match(refuse([], { NODE_ENV: 'production' }).join(), /VERDICT_API_KEYS/);
  const config = accept([], {
    NODE_ENV: 'production',
    VERDICT_API_KEYS: JSON.stringify([key]),
    VERDICT_API_KEY_PEPPER: pepper,
  });
  assert.is(config.eventLog.replication, 3);
});

test('limits that contain each other are compared', () => {
  assert.match(
    refuse([], { VERDICT_RESEND_AFTER_MS: '700000' }).join(),
    /resend.afterMs must not be above expire.decideWithinMs/,
  );
  assert.match(
    refuse([], { VERDICT_ACTORS_DIRECTORY_MAX: '100' }).join(),
    /http.inFlightMax must not be above actors.directoryMax/,
  );
});

test('files of NODE_CONFIG_DIR lie over the defaults, and are named when they are wrong', () => {
  const directory = mkdtempSync(join(tmpdir(), 'verdict-config-'));
  try {
    writeFileSync(join(directory, 'default.json'), '{ "http": { "pageMax": 7 } }');
    assert.is(accept([], { NODE_CONFIG_DIR: directory }).http.pageMax, 7);
    writeFileSync(
      join(directory, 'development.json'),
      '{ "http": { "pageMax": "7", "prot": 1 }, "money": { "currencies": { "EURO": 2 } } }',
    );
    const problems = refuse([], { NODE_CONFIG_DIR: directory });
    assert.ok(problems.includes('development.json: http.pageMax must be a whole number from 1 to 1000; it is "7"'));
    assert.ok(problems.includes('development.json: http.prot is no key of Verdict'));
    assert.ok(
      problems.some((problem) =>
        problem.startsWith('development.json: money.currencies must be three capital letters'),
      ),
    );
    writeFileSync(join(directory, 'development.json'), '{');
    assert.match(refuse([], { NODE_CONFIG_DIR: directory }).join(), /Cannot parse config file/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a NODE_CONFIG_DIR that does not exist is a problem', () => {
  assert.match(refuse([], { NODE_CONFIG_DIR: '/nowhere' }).join(), /NODE_CONFIG_DIR must be a directory/);
});

test('help and version win over everything', () => {
  const help = loadConfig({ argv: ['--help', '--port', 'x'], env: { PORT: 'x' } });
  assert.is(help.kind, 'text');
  const version = loadConfig({ argv: ['--version'], env: {} });
  assert.match(version.kind === 'text' ? version.text : '', /^\d+\.\d+\.\d+/);
});

test.run();
