/** The house stands as it is drawn: imports go down and in no circle, and the rules that say so are shown to notice when they do not. */
import { readFile } from 'node:fs/promises';
import { glob } from 'node:fs/promises';
import * as assert from 'uvu/assert';

import { breaches } from './support/house-rules.ts';
import { suite } from './support/suite.ts';

const test = suite('architecture');
const root = new URL('..', import.meta.url);

async function readSources(): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for await (const path of glob('src/**/*.ts', { cwd: root })) {
    sources.set(path, await readFile(new URL(path, root), 'utf8'));
  }
  return sources;
}

/** What the rules say more of the house when these files are put in. */
async function noticed(...files: readonly (readonly [path: string, text: string])[]): Promise<readonly string[]> {
  const sources = await readSources();
  const before = new Set(breaches(sources));
  return breaches(new Map([...sources, ...files])).filter((breach) => !before.has(breach));
}

const promise = '/** A file put in to be noticed. */\n';

test('the house keeps its rules', async () => {
  const sources = await readSources();
  assert.ok(sources.size > 50, `only ${sources.size} files were read`);
  assert.equal(breaches(sources), []);
});

test('an import that goes up is noticed, a type-only one too', async () => {
  const found = await noticed([
    'src/transaction/x.ts',
    `${promise}import type { Failure } from '../platform/failure.ts';\n`,
  ]);
  assert.equal(found, ['src/transaction/x.ts imports src/platform/failure.ts: transaction is not above platform']);
  const up = await noticed(['src/persistence/x.ts', `${promise}import { Mailbox } from '../actors/mailbox.ts';\n`]);
  assert.equal(up, ['src/persistence/x.ts imports src/actors/mailbox.ts: persistence is not above actors']);
});

test('an import that goes sideways between http and streams is noticed', async () => {
  const found = await noticed(['src/http/x.ts', `${promise}import { topicNames } from '../streams/topics.ts';\n`]);
  assert.equal(found, ['src/http/x.ts imports src/streams/topics.ts: http is not above streams']);
});

test('a circle is noticed', async () => {
  const found = await noticed(
    ['src/rules/a.ts', `${promise}import { b } from './b.ts';\n`],
    ['src/rules/b.ts', `${promise}import type { A } from './a.ts';\n`],
  );
  assert.equal(found, ['imports go in a circle: src/rules/a.ts → src/rules/b.ts → src/rules/a.ts']);
});

test('a barrel is noticed, by its name and by what it does', async () => {
  assert.equal(await noticed(['src/rules/index.ts', `${promise}export const one = 1;\n`]), [
    'src/rules/index.ts is a barrel by its name',
  ]);
  assert.equal(await noticed(['src/transaction/all.ts', `${promise}export * from './ids.ts';\n`]), [
    'src/transaction/all.ts exports everything of another file',
  ]);
});

test('time, chance, the environment and a kept package in the wrong place are noticed', async () => {
  const found = await noticed([
    'src/actors/x.ts',
    `${promise}import { Kafka } from 'kafkajs';\nexport const x = [Date.now(), Math.random(), process.env.HOME, Kafka];\n`,
  ]);
  assert.equal(found, [
    'src/actors/x.ts imports kafkajs',
    'src/actors/x.ts uses process.env',
    'src/actors/x.ts uses the machine\u2019s own time',
    'src/actors/x.ts uses chance',
  ]);
});

test.run();
