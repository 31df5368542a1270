/** The tool prints a key that the entry it prints lets in. */
import { execFile } from 'node:child_process';
import { inspect, promisify } from 'node:util';

import * as assert from 'uvu/assert';

import type { ApiKeyEntry } from '../../src/http/api-keys.ts';
import { apiKeyVerifier } from '../../src/http/api-keys.ts';
import { suite } from '../support/suite.ts';

const test = suite('tools: api-key');
const tool = new URL('../../tools/api-key.ts', import.meta.url).pathname;
const run = promisify(execFile);

test('a made key opens as its client, under its pepper only', async () => {
  const { stdout } = await run(process.execPath, [tool, '--client', 'acme', '--scopes', 'ops,events:read']);
  const key = /^key +(\S+)/m.exec(stdout)?.[1] ?? '';
  const pepper = /^pepper +(\S+)/m.exec(stdout)?.[1] ?? '';
  const entry: ApiKeyEntry = JSON.parse(/^entry +(\{.*\})/m.exec(stdout)?.[1] ?? '');
  const caller = apiKeyVerifier([entry], pepper)(key);
  assert.is(caller?.clientId, 'acme');
  assert.equal([...(caller?.scopes ?? [])], ['ops', 'events:read']);
  assert.is(apiKeyVerifier([entry], `${pepper}x`)(key), undefined);
});

test('a pepper that is given is used and not shown', async () => {
  const env = { ...process.env, VERDICT_API_KEY_PEPPER: 'a pepper of more than 32 characters' };
  const { stdout } = await run(process.execPath, [tool, '--client', 'acme'], { env });
  assert.not.match(stdout, 'pepper');
});

test('wrong arguments are all named', async () => {
  const failed = await run(process.execPath, [tool, '--client', 'No', '--scopes', 'all']).catch(
    (error: unknown) => error,
  );
  assert.match(inspect(failed), /--client[\s\S]*--scopes/);
});

test.run();
