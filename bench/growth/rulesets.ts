/** Rulesets of any size that judge the load as the usual one does: the limit on amounts decides, and the others look at accounts, currencies, kinds and amounts without finding anything. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { WrittenRuleset } from '../../src/rules/ruleset.ts';
import { accountAt } from '../load/requests.ts';

const version = '2026-11-01';
/** Beyond the pool of the load. */
const firstBlockedAccount = 1_000_000;

type Rule = WrittenRuleset['rules'][number];

const limit: Rule = {
  id: 'amount-limit',
  when: 'transaction.amountMinor > 1000 * transaction.unitMinor',
  reason: 'AMOUNT_LIMIT_EXCEEDED',
  description: 'More than 1000 units of the currency.',
};

const others: readonly ((number: number) => string)[] = [
  (number) => {
    const account = accountAt(firstBlockedAccount + number);
    return `transaction.debitAccountId == "${account}" || transaction.creditAccountId == "${account}"`;
  },
  (number) => `transaction.currency == "EUR" && transaction.amountMinor > ${500 + number} * transaction.unitMinor`,
  (number) => `transaction.transferType == ${1_000 + number}`,
  () => 'transaction.debitAccountId == transaction.creditAccountId',
];

export function rulesetOf(count: number): WrittenRuleset {
  return { version, rules: [limit, ...Array.from({ length: count - 1 }, (_, index) => ruleAt(index))] };
}

function ruleAt(number: number): Rule {
  const when = others[number % others.length]?.(number) ?? '';
  return { id: `check-${number}`, when, reason: `CHECK_${number}`, description: `Check ${number} of a bench.` };
}

export type RulesDirectory = AsyncDisposable & { readonly directory: string };

export async function rulesDirectory(count: number): Promise<RulesDirectory> {
  const directory = await mkdtemp(join(tmpdir(), 'verdict-rules-'));
  await writeFile(join(directory, `${version}.json`), JSON.stringify(rulesetOf(count)));
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}
