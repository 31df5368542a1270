/** The command line of the dead-letter tool: what is asked for, and refusals before anything is done. */
import * as assert from 'uvu/assert';

import { readArguments } from '../../tools/dead-letters/arguments.ts';
import { suite } from '../support/suite.ts';

const test = suite('dead-letter tool');

function read(text: string, env: Readonly<Record<string, string>> = {}): ReturnType<typeof readArguments> {
  return readArguments(text.split(' '), env);
}

test('a filter, a place and the address are read', () => {
  const common = { place: undefined, dryRun: false, force: false, key: undefined };
  assert.equal(read('list --cause bad_json --transaction-id x'), {
    ...common,
    ...{ command: 'list', filter: { cause: 'bad_json', transactionId: 'x' }, limit: 100, url: 'http://127.0.0.1:3000' },
  });
  assert.equal(read('re-drive a.b.dead/0/12 --force --url http://h:1/ --key k'), {
    ...common,
    ...{ command: 're-drive', place: { topic: 'a.b.dead', partition: 0, offset: 12 }, filter: {}, force: true },
    ...{ limit: Number.POSITIVE_INFINITY, url: 'http://h:1', key: 'k' },
  });
  const asked = read('discard --all --limit 7 --dry-run', { PORT: '4000', VERDICT_API_KEY: 'v' });
  assert.equal(asked, {
    ...common,
    ...{ command: 'discard', filter: {}, limit: 7, dryRun: true, url: 'http://127.0.0.1:4000', key: 'v' },
  });
});

for (const text of [
  'burn',
  'list a/0/1',
  'show',
  'show a/0',
  'show a/0/1 b/0/1',
  're-drive',
  'discard',
  're-drive a/0/1 --all',
  're-drive --all --limit 0',
  'list --limit x',
  'list --what',
]) {
  test(`refuses: ${text}`, () => assert.ok('problem' in read(text)));
}

test.run();
