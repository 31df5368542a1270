/** The README does not lie: its commands are run against one embedded process, and every answer is the one beside it. */
import { readFile } from 'node:fs/promises';

import * as assert from 'uvu/assert';

import { readTranscript } from '../../tools/transcript/read-transcript.ts';
import { runTranscript } from '../../tools/transcript/run-transcript.ts';
import { suite } from '../support/suite.ts';
import { withVerdict } from '../support/embedded.ts';

const test = suite('README');

test('every answer of the transcript is the true one', async () => {
  const steps = readTranscript(await readFile(new URL('../../README.md', import.meta.url), 'utf8'));
  assert.ok(steps.length >= 9, `only ${steps.length} steps`);
  await withVerdict({}, async ({ url }) => {
    for (const { step, right, written } of await runTranscript(steps, { url }))
      assert.ok(right, `README.md:${step.line}\n${step.commands}\nwas answered\n${written}`);
  });
}, 115_000);

test.run();
