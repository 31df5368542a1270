import fc from 'fast-check';
import * as assert from 'uvu/assert';

import { apply } from '../../src/transaction/apply.ts';
import type { TransactionCommand } from '../../src/transaction/commands.ts';
import type { Decision } from '../../src/transaction/decision.ts';
import { handle } from '../../src/transaction/handle.ts';
import type { TransactionState } from '../../src/transaction/states.ts';
import { isTerminal, unknownTransaction } from '../../src/transaction/states.ts';
import { suite } from '../support/suite.ts';
import { approval, openedTransaction, rejection } from '../support/transactions.ts';

const test = suite('any sequence of commands');

const transaction = openedTransaction(1);
const { decideBy } = transaction;
const open: TransactionCommand = { type: 'OpenTransaction', transaction };
const at = fc.integer({ min: decideBy - 2, max: decideBy + 2 });
const decision: fc.Arbitrary<Decision> = fc.record({
  decidedBy: fc.constant<'RULES'>('RULES'),
  decidedAt: at,
  ruleset: fc.constantFrom('1', '2'),
  outcome: fc.constantFrom<'APPROVED' | 'REJECTED'>('APPROVED', 'REJECTED'),
  reasons: fc.constantFrom([], ['AMOUNT_LIMIT_EXCEEDED']),
});
const command: fc.Arbitrary<TransactionCommand> = fc.oneof(
  fc.constant(open),
  fc.record({ type: fc.constant<'ApplyDecision'>('ApplyDecision'), decision, at }),
  fc.record({
    type: fc.constant<'ExpireTransaction'>('ExpireTransaction'),
    at,
    policy: fc.constantFrom<'APPROVED' | 'REJECTED'>('APPROVED', 'REJECTED'),
  }),
);
const commands = fc.array(command, { maxLength: 12 });

test('never leaves a terminal status, and keeps its decision', () => {
  fc.assert(
    fc.property(commands, (sequence) => {
      const states = statesOf(sequence);
      const terminal = states.find(isTerminal);
      if (terminal === undefined) return;
      for (const later of states.slice(states.indexOf(terminal))) {
        assert.ok(isTerminal(later));
        assert.equal([later.status, later.decision], [terminal.status, terminal.decision]);
      }
    }),
  );
});

test('moves the version by one for each event, up to 3', () => {
  fc.assert(
    fc.property(commands, (sequence) => {
      let state: TransactionState = unknownTransaction;
      for (const each of sequence) {
        for (const event of handle(state, each)) {
          const next = apply(state, event);
          assert.is(next.version, state.version + 1);
          state = next;
        }
      }
      assert.ok(state.version <= 3);
    }),
  );
});

test('yields one event at the most for each command', () => {
  fc.assert(
    fc.property(commands, command, (sequence, last) => {
      assert.ok(handle(endOf(sequence), last).length <= 1);
    }),
  );
});

test('ends like itself without the repeats', () => {
  const repeats = fc.array(fc.record({ from: fc.nat(), to: fc.nat() }), { maxLength: 8 });
  fc.assert(
    fc.property(commands, repeats, (rest, copies) => {
      const sequence = [open, ...rest];
      assert.equal(endOf(withRepeats(sequence, copies)), endOf(sequence));
    }),
  );
});

test('ends the same in whatever order the opening and its decision come, if the decision comes again', () => {
  const decided: TransactionCommand = { type: 'ApplyDecision', decision: approval, at: decideBy };
  const again = fc.shuffledSubarray([open, open, open, decided, decided, decided], { minLength: 1 });
  fc.assert(
    fc.property(again, (shuffled) => {
      assert.equal(endOf([...shuffled, open, decided]), endOf([open, decided]));
    }),
  );
});

test('ends terminal, and with both kept, in whatever order a decision and the deadline come', () => {
  const decided: TransactionCommand = { type: 'ApplyDecision', decision: rejection, at: decideBy };
  const expired: TransactionCommand = { type: 'ExpireTransaction', policy: 'APPROVED', at: decideBy };
  assert.equal(statusAndVersion(endOf([open, decided, expired])), ['REJECTED', 2]);
  assert.equal(statusAndVersion(endOf([open, expired, decided])), ['APPROVED', 3]);
});

/** Puts copies of commands behind their originals, anywhere. */
function withRepeats(
  sequence: readonly TransactionCommand[],
  copies: readonly { readonly from: number; readonly to: number }[],
): readonly TransactionCommand[] {
  const repeated = [...sequence];
  for (const { from, to } of copies) {
    const source = from % repeated.length;
    const place = source + 1 + (to % (repeated.length - source));
    repeated.splice(place, 0, ...repeated.slice(source, source + 1));
  }
  return repeated;
}

function statesOf(sequence: readonly TransactionCommand[]): readonly TransactionState[] {
  const states: TransactionState[] = [unknownTransaction];
  let state: TransactionState = unknownTransaction;
  for (const each of sequence) {
    state = handle(state, each).reduce(apply, state);
    states.push(state);
  }
  return states;
}

function endOf(sequence: readonly TransactionCommand[]): TransactionState {
  return statesOf(sequence).at(-1) ?? unknownTransaction;
}

function statusAndVersion({ status, version }: TransactionState): readonly unknown[] {
  return [status, version];
}

test.run();
