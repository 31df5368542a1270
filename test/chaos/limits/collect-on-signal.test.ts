/** A process that collects on a signal gives its garbage back, and goes on. */
import { spawn } from 'node:child_process';

import * as assert from 'uvu/assert';

import { collectable } from '../../../chaos/limits/memory/collections.ts';
import { suite } from '../../support/suite.ts';
import { within } from '../../support/within.ts';

const test = suite('limits: collect on signal');

/** Makes 40 MB of what outlives the young generation, drops it, and tells every 20 ms what it holds. */
const program = `
  let kept = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
  setTimeout(() => { kept = undefined; }, 100);
  setInterval(() => console.log(kept === undefined ? 'dropped' : 'kept', process.memoryUsage().heapUsed / 1e6), 20);
`;

test('what was dropped is collected at the signal', async () => {
  const child = spawn(process.execPath, ['-e', program], {
    env: { ...process.env, ...collectable },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let last: readonly string[] = [];
    child.stdout
      .setEncoding('utf8')
      .on('data', (text: string) => (last = text.trim().split('\n').at(-1)?.split(' ') ?? []));
    await within(10_000, 'garbage', () => last[0] === 'dropped');
    const before = Number(last[1]);
    child.kill('SIGUSR2');
    await within(5_000, 'the collection', () => Number(last[1]) < before - 20);
    assert.is(child.exitCode, null);
  } finally {
    child.kill('SIGKILL');
  }
});

test.run();
