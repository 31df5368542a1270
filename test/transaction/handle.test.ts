/* oxlint-disable promise/valid-params -- `then` is the end of a sentence here, not a promise. */
import type { TransactionEvent } from '../../src/transaction/events.ts';
import { given } from '../support/given.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction, rejection } from '../support/transactions.ts';

const test = suite('handle');

const transaction = openedTransaction(1);
const { createdAt, decideBy } = transaction;
const opened: TransactionEvent = { type: 'TransactionOpened', at: createdAt, transaction };
const at = createdAt + 1_000;
const approved: TransactionEvent = { type: 'TransactionApproved', at, decision: approval };
const rejected: TransactionEvent = { type: 'TransactionRejected', at, decision: rejection };
const overdue: TransactionEvent = {
  type: 'TransactionRejected',
  at: decideBy,
  decision: {
    outcome: 'REJECTED',
    reasons: ['DECISION_DEADLINE_EXCEEDED'],
    ruleset: null,
    decidedBy: 'DEADLINE',
    decidedAt: decideBy,
  },
};
const superseded: TransactionEvent = { type: 'DecisionSuperseded', at: decideBy + 1, decision: approval };

test('a transaction is opened once', () => {
  given().when({ type: 'OpenTransaction', transaction }).then(opened);
  given(opened).when({ type: 'OpenTransaction', transaction }).then();
  given(opened, approved).when({ type: 'OpenTransaction', transaction }).then();
});

test('a decision settles what is pending', () => {
  given(opened).when({ type: 'ApplyDecision', decision: approval, at }).then(approved);
  given(opened).when({ type: 'ApplyDecision', decision: rejection, at }).then(rejected);
});

test('a decision on what was never opened changes nothing', () => {
  given().when({ type: 'ApplyDecision', decision: approval, at }).then();
});

test('a decision delivered twice changes nothing', () => {
  given(opened, approved).when({ type: 'ApplyDecision', decision: approval, at }).then();
});

test('another decision after the first changes nothing', () => {
  given(opened, approved).when({ type: 'ApplyDecision', decision: rejection, at }).then();
  given(opened, rejected).when({ type: 'ApplyDecision', decision: approval, at }).then();
});

test('the deadline decides by policy, not before it has come', () => {
  given(opened)
    .when({ type: 'ExpireTransaction', policy: 'REJECTED', at: decideBy - 1 })
    .then();
  given(opened).when({ type: 'ExpireTransaction', policy: 'REJECTED', at: decideBy }).then(overdue);
  given(opened)
    .when({ type: 'ExpireTransaction', policy: 'APPROVED', at: decideBy })
    .then({
      ...overdue,
      type: 'TransactionApproved',
      decision: { ...overdue.decision, outcome: 'APPROVED' },
    });
});

test('the deadline changes nothing where there is no transaction or a decision', () => {
  given().when({ type: 'ExpireTransaction', policy: 'REJECTED', at: decideBy }).then();
  given(opened, approved).when({ type: 'ExpireTransaction', policy: 'REJECTED', at: decideBy }).then();
  given(opened, overdue)
    .when({ type: 'ExpireTransaction', policy: 'REJECTED', at: decideBy + 9 })
    .then();
});

test('a decision that comes after the deadline decided is kept once, as superseded', () => {
  given(opened, overdue)
    .when({ type: 'ApplyDecision', decision: approval, at: decideBy + 1 })
    .then(superseded);
  given(opened, overdue, superseded)
    .when({ type: 'ApplyDecision', decision: approval, at: decideBy + 2 })
    .then();
  given(opened, overdue, superseded)
    .when({ type: 'ApplyDecision', decision: rejection, at: decideBy + 2 })
    .then();
});

test.run();
