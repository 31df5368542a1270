import * as assert from 'uvu/assert';

import { apply, applyAll } from '../../src/transaction/apply.ts';
import type { TransactionEvent } from '../../src/transaction/events.ts';
import { isTerminal, unknownTransaction } from '../../src/transaction/states.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction, rejection } from '../support/transactions.ts';

const test = suite('apply');

const transaction = openedTransaction(1);
const opened: TransactionEvent = { type: 'TransactionOpened', at: 1, transaction };
const approved: TransactionEvent = { type: 'TransactionApproved', at: 2, decision: approval };
const rejected: TransactionEvent = { type: 'TransactionRejected', at: 2, decision: rejection };
const superseded: TransactionEvent = { type: 'DecisionSuperseded', at: 3, decision: approval };

test('opened, then decided, then a late decision set aside', () => {
  assert.equal(applyAll([opened]), { status: 'PENDING', version: 1, opened: transaction });
  assert.equal(applyAll([opened, approved]), {
    status: 'APPROVED',
    version: 2,
    opened: transaction,
    decision: approval,
  });
  assert.equal(applyAll([opened, rejected, superseded]), {
    status: 'REJECTED',
    version: 3,
    opened: transaction,
    decision: rejection,
  });
});

test('only approved and rejected are terminal', () => {
  assert.is(isTerminal(unknownTransaction), false);
  assert.is(isTerminal(applyAll([opened])), false);
  assert.is(isTerminal(applyAll([opened, approved])), true);
  assert.is(isTerminal(applyAll([opened, rejected])), true);
});

test('an event that cannot follow the state is a bug', () => {
  const impossible: readonly (readonly TransactionEvent[])[] = [
    [approved],
    [superseded],
    [opened, opened],
    [opened, superseded],
    [opened, approved, approved],
    [opened, approved, rejected],
    [opened, rejected, superseded, superseded],
  ];
  for (const events of impossible) {
    const before = applyAll(events.slice(0, -1));
    for (const last of events.slice(-1)) assert.throws(() => apply(before, last), /cannot follow/);
  }
});

test.run();
