/** The newest ruleset of the directory judges; one that is wrong refuses the start. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as assert from 'uvu/assert';

import { Failure } from '../../src/platform/failure.ts';
import { loadRuleset } from '../../src/roles/load-ruleset.ts';
import { evaluate } from '../../src/rules/evaluate.ts';
import type { ScreenedTransaction } from '../../src/rules/facts.ts';
import { factsOf } from '../../src/rules/facts.ts';
import { parseAccountId, parseClientId } from '../../src/transaction/ids.ts';
import { parseAmount } from '../../src/transaction/money.ts';
import { suite } from '../support/suite.ts';

const test = suite('load ruleset');
const shipped = fileURLToPath(new URL('../../config/rules', import.meta.url));
let directory: string;
test.beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'verdict-rules-'));
});
test.afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, ruleset: object): void => writeFileSync(join(directory, name), JSON.stringify(ruleset));

async function refusal(where = directory): Promise<string> {
  try {
    await loadRuleset(where);
  } catch (error) {
    assert.ok(error instanceof Failure && error.code === 'configuration_invalid' && !error.retryable);
    return error.message;
  }
  throw new Error('it was not refused');
}

function transactionOf(value: string, digits: number): ScreenedTransaction {
  const amountMinor = parseAmount(value, digits);
  const accountId = parseAccountId('0c2d0bb4-8b4d-4d0e-8f6f-0d6f3d6f9a11');
  const clientId = parseClientId('local');
  if (typeof amountMinor === 'string' || accountId === undefined || clientId === undefined)
    throw new Error('wrong example');
  const transferType = { id: 1, name: 'TRANSFER' };
  return {
    amountMinor,
    digits,
    currency: null,
    transferType,
    debitAccountId: accountId,
    creditAccountId: accountId,
    clientId,
  };
}

test('the rules that come with Verdict reject what is greater than 1000, in any currency', async () => {
  const ruleset = await loadRuleset(shipped);
  const judge = (value: string, digits: number): string =>
    evaluate(ruleset, factsOf(transactionOf(value, digits))).reasons.join();
  for (const [value, digits] of [
    ['120', 2],
    ['1000', 2],
    ['1000', 0],
    ['1000.000', 3],
  ] as const)
    assert.is(judge(value, digits), '');
  for (const [value, digits] of [
    ['1000.01', 2],
    ['1001', 0],
    ['1000.001', 3],
  ] as const) {
    assert.is(judge(value, digits), 'AMOUNT_LIMIT_EXCEEDED');
  }
});

test('the newest version is taken, by date and then by number', async () => {
  for (const version of ['2026-11-02.9', '2026-11-02.10', '2026-11-02', '2025-12-31'])
    write(`${version}.json`, { version, rules: [] });
  writeFileSync(join(directory, 'README.md'), 'Not a ruleset.');
  assert.is((await loadRuleset(directory)).version, '2026-11-02.10');
});

test('a directory without rulesets, or none at all, is refused', async () => {
  assert.match(await refusal(), /there is no ruleset/);
  assert.match(await refusal('/nowhere'), /\/nowhere: it cannot be read/);
});

test('a faulty ruleset is refused with its file and its rules', async () => {
  write('2026-01-01.json', {
    version: '2026-01-01',
    rules: [{ id: 'bad', when: 'amount > 1', reason: 'X', description: 'x' }],
  });
  assert.match(await refusal(), /2026-01-01.json: rule bad: Unknown variable: amount/);
  writeFileSync(join(directory, '2026-01-02.json'), '{');
  assert.match(await refusal(), /2026-01-02.json: .*JSON/);
  write('2026-01-03.json', { version: '2026-01-02', rules: [] });
  assert.match(await refusal(), /it holds version 2026-01-02, which is not its name/);
});

test.run();
