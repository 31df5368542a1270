/** What a person meets before anything runs: the help, the version, and a refusal that tells everything at once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';

import * as assert from 'uvu/assert';

import { post } from '../../tools/run/client.ts';
import { mainPath, startVerdict } from '../../tools/run/verdict-process.ts';
import { withHome } from '../support/embedded.ts';
import { suite } from '../support/suite.ts';

const test = suite('command line');
type Ended = { readonly code: number | null; readonly output: string; readonly errors: string };

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [mainPath, ...args], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, output, errors };
}

test('--help names every flag, role and variable, and ends well', async () => {
  const { code, output } = await run(['--help']);
  assert.is(code, 0);
  for (const word of ['--role', '--port', '--data-dir', 'front-door', 'migrate', 'DATABASE_URL', 'VERDICT_API_KEYS'])
    assert.match(output, word);
});

test('--version is the one of the package', async () => {
  const packageText = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { code, output } = await run(['--version']);
  assert.is(code, 0);
  assert.match(packageText, `"version": "${output.trim()}"`);
});

test('everything that is wrong is told at once, with its source and what is allowed, and exit code 78', async () => {
  const env = { PORT: 'http', VERDICT_BATCHING_PACE_MS: 'soon', VERDICT_AUTH_MODE: 'api-keys', KAFKA_BROKERS: 'kafka' };
  const { code, output, errors } = await run(['--role', 'front-door', '--colour', 'red'], env);
  assert.is(code, 78);
  assert.is(output, '');
  for (const problem of [
    /--colour is no flag/,
    /PORT .*a whole number/,
    /VERDICT_BATCHING_PACE_MS .*"soon"/,
    /KAFKA_BROKERS .*host:port/,
  ])
    assert.match(errors, problem);
  assert.not.match(errors, /^\s+at /m);
});

test('a role without its services, and nobody authenticated beyond loopback, are refused', async () => {
  const role = await run(['--role', 'settlement']);
  assert.is(role.code, 78);
  assert.match(role.errors, 'needs DATABASE_URL, KAFKA_BROKERS, REDIS_URL');
  const open = await run(['--host', '0.0.0.0']);
  assert.is(open.code, 78);
  assert.match(open.errors, /auth/i);
});

test('a port that is taken is said in a sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  try {
    await withHome(async ({ directory }) => {
      const { code, errors } = await run(['--port', port, '--data-dir', directory]);
      assert.is(code, 1);
      assert.match(errors, 'choose another port');
    });
  } finally {
    taken.close();
  }
}, 115_000);

test('a second process on the directory is refused with what to do; the first does not notice', async () => {
  await withHome(async ({ directory, start }) => {
    const first = await start();
    const refusal = await startVerdict({ env: { VERDICT_DATA_DIR: directory } }).then(
      () => 'it started',
      (error: unknown) => String(error),
    );
    assert.match(refusal, 'ended before it was ready, with 1');
    assert.match(refusal, `is in use by process ${first.pid}`);
    assert.match(refusal, '--data-dir or VERDICT_DATA_DIR');
    assert.not.match(refusal, /^\s+at /m);
    assert.is((await post(first.url)).status, 201);
  });
}, 115_000);

test.run();
