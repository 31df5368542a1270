/** The transcript is read as it stands on the page, and an answer that differs is noticed. */
import * as assert from 'uvu/assert';

import { isAnswer } from '../../tools/transcript/is-answer.ts';
import { readTranscript } from '../../tools/transcript/read-transcript.ts';
import { runTranscript } from '../../tools/transcript/run-transcript.ts';
import { suite } from '../support/suite.ts';

const test = suite('transcript');

const page = [
  ...['# A page', '```sh', 'not run', '```', '```sh transcript beside', 'echo hello; sleep 60', '```'],
  ...['```text answer', 'hello', '```', 'Words.', '```sh transcript', 'name=world', 'echo "to the $name"', '```'],
  ...['```text answer', 'to the …', '```', '```sh transcript', 'echo http://127.0.0.1:3000 readme-1', '```'],
].join('\n');

test('commands, the answers beside them, and where they stand', () => {
  assert.equal(readTranscript(page), [
    { line: 6, commands: 'echo hello; sleep 60', answer: 'hello', beside: true },
    { line: 13, commands: 'name=world\necho "to the $name"', answer: 'to the …', beside: false },
    { line: 20, commands: 'echo http://127.0.0.1:3000 readme-1', answer: undefined, beside: false },
  ]);
});

test('`…` is any text in a line, and any lines where it stands alone', () => {
  assert.ok(isAnswer('id: …\n…\nend.', 'id: 1\r\na\r\nb\r\nend.\n'));
  assert.ok(isAnswer('a\n…\nb', 'a\nb'));
  assert.not(isAnswer('id: …\nend.', 'id: 1\n2\nend.'));
  assert.not(isAnswer('end.', 'end!'));
  assert.not(isAnswer('a', 'a\na'));
  assert.not(isAnswer('', 'something'));
});

test('one shell for all steps, with the address and keys of this run; what was not promised is wrong', async () => {
  const results = await runTranscript(readTranscript(page), { url: 'http://127.0.0.1:1' });
  const told = results.map(({ step, right, written }) => [step.line, right, written.replace(/[0-9a-f]{12}-/, '')]);
  assert.equal(told, [
    [13, true, 'to the world\n'],
    [20, false, 'http://127.0.0.1:1 readme-1\n'],
    [6, true, 'hello\n'],
  ]);
});

test.run();
